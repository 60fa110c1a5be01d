import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../parties/eventually.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

const AWAY_MS = 4_000;
const PASSWORD = 'wrong-for-everybody-else';
/** Dials of the gateway's connections: each waits 2 s at most between two tries, and never less than 0.1 s. */
const DIALS_PER_CONNECTION = 12;

/** Somebody changes the password of Redis, and nobody tells the gateway; then it is undone. */
export const redisCredentials: FaultRow = {
  number: 15,
  group: 'A',
  fault: `Redis asks for a password that the gateway has not, for ${AWAY_MS / 1_000} s, then no more`,
  bar: `taken all the while, lost 0, twice at most those in flight (${IN_FLIGHT}), no storm of connections (${DIALS_PER_CONNECTION} tries of each at most), all delivered within 30 s`,
  short: false,
  async run({ openWorld }) {
    const world = await openWorld(BOUNDED);
    const { redis } = world.stack.stores;
    const traffic = await startTraffic(world, {
      name: 'password',
      notifications: 1_200,
      perSecond: 100,
      mode: { kind: 'fail_then_ok', times: 1 },
      subscription: { retry_policy: { delays_s: [1, 1, 1] } },
    });
    await traffic.untilRequests(300);
    const connections = await withRedis(redis.url, async (client) => {
      const count = await numberIn(client, 'clients', 'connected_clients');
      await client.config('SET', 'requirepass', PASSWORD);
      // Who is in stays in: only a new connection is asked.
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      return count;
    });
    const takenBefore = traffic.acked.length;
    const own = new URL(redis.url);
    own.password = PASSWORD;
    const { dials, requestsMeanwhile } = await withRedis(own.href, async (client) => {
      const before = await numberIn(client, 'stats', 'total_connections_received');
      const requestsBefore = traffic.requests();
      await pause(AWAY_MS);
      const seen = (await numberIn(client, 'stats', 'total_connections_received')) - before;
      const meanwhile = traffic.requests() - requestsBefore;
      await client.config('SET', 'requirepass', '');
      return { dials: seen, requestsMeanwhile: meanwhile };
    });
    const backAt = performance.now();
    const takenMeanwhile = traffic.acked.length - takenBefore;
    await traffic.sent;
    await traffic.untilReceived();
    const recoveredMs = performance.now() - backAt;
    await eventually(async () => (await fetch(`${world.stack.ingressUrl}/readyz`)).status === 200, {
      what: 'the ingress ready again',
      deadlineMs: 30_000,
    });
    const refused = [...traffic.answers]
      .filter(([status]) => status !== 200)
      .reduce((sum, [, count]) => sum + count, 0);
    return together(await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT }), {
      met: refused === 0 && takenMeanwhile > 0 && dials <= connections * DIALS_PER_CONNECTION && recoveredMs < 30_000,
      figure: `${takenMeanwhile} taken and ${requestsMeanwhile} requests sent meanwhile, ${refused} refused, ${dials} dials of ${connections} connections; all delivered ${(recoveredMs / 1_000).toFixed(1)} s after`,
      figures: {
        taken_meanwhile: takenMeanwhile,
        requests_meanwhile: requestsMeanwhile,
        refused,
        dials,
        connections,
        recovered_ms: recoveredMs,
      },
    });
  },
};

async function numberIn(
  client: { info(section: string): Promise<string> },
  section: string,
  field: string,
): Promise<number> {
  const found = new RegExp(`^${field}:(\\d+)`, 'm').exec(await client.info(section))?.[1];
  if (found === undefined) throw new Error(`Redis does not say ${field}`);
  return Number(found);
}
