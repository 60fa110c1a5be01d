import type { Content, Pace } from '../load/load.ts';
import type { Target } from '../load/sender.ts';
import { perTenThousand } from '../measure/meter.ts';
import { type Latencies, latenciesOf } from '../measure/percentiles.ts';
import { answerTimes, awaitArrivals, type BenchRun, meterAll, prepareLoad } from './bench-run.ts';
import { rate } from './saturated.ts';

/** What the instruments do without a gateway between them. */
export interface Yardstick {
  readonly per_s: number;
  /** From just before a request is sent to its answer. */
  readonly answered: Latencies;
  /** From just before a request is sent to its arrival. */
  readonly arrived: Latencies;
  readonly cpu_per_10k_s: Readonly<Record<string, number>>;
}

/** The floor under the figures of the same run. */
export interface Yardsticks {
  /** The load generator straight at the receiver, 50 at a time. */
  readonly straight: Yardstick;
  /** The same at 200/s. */
  readonly straight_200: Yardstick;
  /** What merchants are sent, signed and posted by bare undici in one process; its CPU is the generator's. */
  readonly bare_undici: Yardstick;
}

const COUNT = 10_000;
const AT_200 = 1_000;
const CONCURRENCY = 50;

/** Measures the instruments themselves. Needs a sample of what merchants are sent, so it follows the warm-up. */
export async function takeYardsticks(run: BenchRun): Promise<Yardsticks> {
  const sample = await run.receiver.call('sample', undefined);
  if (sample === null) throw new Error('no event has arrived to take as a sample');
  const closed: Pace = { kind: 'closed', concurrency: CONCURRENCY };
  return {
    straight: await measure(run, COUNT, closed),
    straight_200: await measure(run, AT_200, { kind: 'open', perSecond: 200 }),
    bare_undici: await measure(run, COUNT, closed, { kind: 'merchant-requests', sample }),
  };
}

async function measure(run: BenchRun, count: number, pace: Pace, content?: Content): Promise<Yardstick> {
  const targets: Target[] = run.receiver.ports.map((port) => ({
    origin: `http://127.0.0.1:${port}`,
    path: '/webhooks',
  }));
  const fire = await prepareLoad(run, count, pace, content === undefined ? { targets } : { targets, content });
  const end = meterAll(run);
  const sent = await fire();
  await awaitArrivals(run, sent.range, count, 10_000);
  const cost = end();
  const arrivedAtMs = await run.receiver.call('times', sent.range);
  const { generator = 0, receiver = 0 } = perTenThousand(cost, count, []).by_process;
  return {
    per_s: rate(count, sent.sentAtMs[0] ?? 0, sent.endedAtMs),
    answered: latenciesOf(answerTimes(sent)),
    arrived: latenciesOf(arrivedAtMs.map((at, i) => at - (sent.sentAtMs[i] ?? 0))),
    cpu_per_10k_s: { generator, receiver },
  };
}
