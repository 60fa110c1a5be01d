import { setTimeout as pause } from 'node:timers/promises';
import type { FaultRow, Finding, Surroundings } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT } from './own-dispatchers.ts';
import { startWatchedRedis } from './redis-sentinels.ts';

const RECOVERED_WITHIN_MS = 30_000;

/** The primary dies, and the sentinels promote a replica that has not heard of the last writes. */
export const redisFailover: FaultRow = {
  number: 16,
  group: 'A',
  fault: 'The primary of Redis killed under load, three sentinels promote its replica: as it is, and 5 s behind',
  bar: `lost 0, twice at most those in flight (${IN_FLIGHT}) and none for being behind, all delivered within 30 s of the promotion`,
  short: false,
  async run(surroundings) {
    const near = await failOver(surroundings, 'near', 0);
    return together(near, await failOver(surroundings, 'behind', 5_000));
  },
};

async function failOver({ openWorld, onEnd }: Surroundings, name: string, lagMs: number): Promise<Finding> {
  const redis = await startWatchedRedis(onEnd);
  const world = await openWorld({ ...BOUNDED, REDIS_URL: redis.url });
  const traffic = await startTraffic(world, {
    name,
    notifications: 1_500,
    perSecond: 75,
    mode: { kind: 'fail_then_ok', times: 1 },
    subscription: { retry_policy: { delays_s: [2, 2, 2] } },
  });
  await traffic.untilRequests(200);
  redis.replication.spoil({ delayMs: lagMs });
  await pause(lagMs + 1_000);
  const killedAt = performance.now();
  await redis.killPrimary();
  await redis.untilPromoted();
  const promotedMs = performance.now() - killedAt;
  await traffic.sent;
  await traffic.untilReceived();
  const recoveredMs = performance.now() - killedAt - promotedMs;
  // A job that the replica still knows is a claim that the document refuses: nothing goes twice for being 5 s behind.
  return together(await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT }), {
    met: recoveredMs < RECOVERED_WITHIN_MS,
    figure: `${lagMs / 1_000} s behind: promoted after ${(promotedMs / 1_000).toFixed(1)} s, all delivered ${(recoveredMs / 1_000).toFixed(1)} s later`,
    figures: { [`${name}_promoted_ms`]: promotedMs, [`${name}_recovered_ms`]: recoveredMs },
  });
}
