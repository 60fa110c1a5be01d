import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Finding, Surroundings } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

const AWAY_MS = 2_000;

export interface RedisGone {
  name: string;
  /** Whether its files go while it is down. */
  forgets: boolean;
  /** From the moment it is back until everything is delivered. */
  recoveredWithinMs: number;
}

/** Redis killed under load, with first attempts and retries on their way, and back after two seconds. */
export async function redisGone({ openWorld }: Surroundings, plan: RedisGone): Promise<Finding> {
  const world = await openWorld(BOUNDED);
  await ownDispatchers(world, 2);
  const { redis } = world.stack.stores;
  const traffic = await startTraffic(world, {
    name: plan.name,
    notifications: 1_000,
    perSecond: 150,
    mode: { kind: 'fail_then_ok', times: 1 },
    subscription: { retry_policy: { delays_s: [2, 2, 2] } },
  });
  await traffic.untilRequests(400);
  const [, folder = ''] = (await withRedis(redis.url, (client) => client.config('GET', 'dir'))) as string[];
  await redis.kill9();
  if (plan.forgets) for (const file of await readdir(folder)) await rm(join(folder, file), { recursive: true });
  await pause(AWAY_MS);
  await redis.restart();
  const backAt = performance.now();
  await traffic.sent;
  await traffic.untilReceived();
  const recoveredMs = performance.now() - backAt;
  return together(await judge(world, { ...traffic, maxDuplicates: 2 * IN_FLIGHT }), {
    met: recoveredMs < plan.recoveredWithinMs,
    figure: `all delivered ${(recoveredMs / 1_000).toFixed(1)} s after Redis was back`,
    figures: { recovered_ms: recoveredMs },
  });
}
