import { setTimeout as pause } from 'node:timers/promises';
import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';

const FROZEN_MS = 10_000;
const P99_MS = 2_000;

/** A Redis that takes connections and commands and answers nothing. */
export const redisFrozen: FaultRow = {
  number: 9,
  group: 'A',
  fault: 'Redis frozen for 10 s under load',
  bar: `ingress p99 < ${P99_MS / 1_000} s, lost 0, twice at most those in flight (2 x ${IN_FLIGHT})`,
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld(BOUNDED);
    await ownDispatchers(world, 2);
    const traffic = await startTraffic(world, { name: 'icy', notifications: 1_500, perSecond: 75 });
    await traffic.untilTaken(200);
    const { pid } = world.stack.stores.redis;
    if (pid === null) throw new Error('Redis is not ours to freeze');
    const thaw = () => process.kill(pid, 'SIGCONT');
    process.kill(pid, 'SIGSTOP');
    onEnd(thaw);
    const before = traffic.durationsMs.length;
    await pause(FROZEN_MS);
    const { p99_ms: p99, max_ms: max, count } = latenciesOf(traffic.durationsMs.slice(before));
    thaw();
    await traffic.sent;
    const recoveredMs = await traffic.untilReceived();
    const finding = await judge(world, { ...traffic, maxDuplicates: 2 * IN_FLIGHT });
    return together(finding, {
      met: p99 !== null && p99 < P99_MS && [...traffic.answers.keys()].every((status) => status === 200),
      figure: `${count} notifications answered meanwhile, p99 ${p99} ms, longest ${max} ms; all delivered ${(recoveredMs / 1_000).toFixed(1)} s after the last one`,
      figures: { answered_while_frozen: count, ingress_p99_ms: p99, ingress_max_ms: max, recovered_ms: recoveredMs },
    });
  },
};
