import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, ownDispatchers } from './own-dispatchers.ts';

const GRACE_MS = 10_000;

/** What every roll-out does. */
export const gracefulStop: FaultRow = {
  number: 3,
  group: 'A',
  fault: 'SIGTERM to one dispatcher after the other under load',
  bar: `exit code 0 within the grace (${GRACE_MS / 1_000} s), lost 0, twice 0`,
  short: true,
  async run({ short, openWorld }) {
    const world = await openWorld({ ...BOUNDED, SHUTDOWN_GRACE_MS: String(GRACE_MS) });
    const dispatchers = await ownDispatchers(world, 2);
    const traffic = await startTraffic(world, {
      name: 'stopped',
      notifications: short ? 300 : 1_500,
      perSecond: short ? 60 : 75,
      mode: { kind: 'slow', ms: 100 },
    });
    const ends: { code: number | null; ms: number }[] = [];
    for (let stop = 1; stop <= (short ? 1 : 4); stop += 1) {
      await traffic.untilRequests((short ? 50 : 300) * stop);
      const old = dispatchers.shift();
      const startedAt = performance.now();
      old?.kill('SIGTERM');
      ends.push({ code: (await old?.ended) ?? null, ms: performance.now() - startedAt });
      dispatchers.push(await world.addReplica('dispatcher'));
    }
    await traffic.sent;
    const longestS = Math.max(...ends.map(({ ms }) => ms)) / 1_000;
    const unclean = ends.filter(({ code }) => code !== 0).length;
    return together(await judge(world, { ...traffic, maxDuplicates: 0 }), {
      met: unclean === 0 && longestS <= GRACE_MS / 1_000,
      figure: `${ends.length} stops, ${unclean} with another code than 0, the longest ${longestS.toFixed(1)} s`,
      figures: { stops: ends.length, unclean_stops: unclean, longest_stop_s: longestS },
    });
  },
};
