import { COUNTED } from '../gateway/gateway.ts';
import { type Cost, perTenThousand } from '../measure/meter.ts';
import { type Latencies, latenciesOf } from '../measure/percentiles.ts';
import { answerTimes, awaitArrivals, type BenchRun, demandAcknowledged, meterAll, prepareLoad } from './bench-run.ts';
import { rate } from './saturated.ts';
import { settle } from './settle.ts';

const CONCURRENCY = 50;
const TIMEOUT_MS = 60_000;

/** A dispatcher that was away and comes back to a backlog. */
export interface BacklogFigure {
  readonly events: number;
  /** Notifications acknowledged per second while the dispatcher was down. */
  readonly accepted_per_s: number;
  readonly accept: Latencies;
  /** From the first event received to the last. */
  readonly drained_per_s: number;
  /** Includes the start of the dispatcher's process. */
  readonly cpu_per_10k_s: { readonly by_process: Readonly<Record<string, number>>; readonly total: number };
  readonly cost: Cost;
}

/** Stops the dispatcher, has `events` accepted, starts it again and waits for the last to be delivered. */
export async function takeBacklog(run: BenchRun, events: number): Promise<BacklogFigure> {
  const { gateway, receiver } = run;
  const fire = await prepareLoad(run, events, { kind: 'closed', concurrency: CONCURRENCY });
  await gateway.stopService('dispatcher');
  const sent = await fire();
  demandAcknowledged(sent);
  await settle(run);
  const end = meterAll(run);
  await gateway.startService('dispatcher');
  await awaitArrivals(run, sent.range, events, TIMEOUT_MS);
  await settle(run);
  const cost = end();
  const arrivedAtMs = await receiver.call('times', sent.range);
  const firstMs = arrivedAtMs.reduce((earliest, it) => Math.min(earliest, it), Number.POSITIVE_INFINITY);
  return {
    events,
    accepted_per_s: rate(events, sent.sentAtMs[0] ?? 0, sent.endedAtMs),
    accept: latenciesOf(answerTimes(sent)),
    drained_per_s: rate(events, firstMs, arrivedAtMs),
    cpu_per_10k_s: perTenThousand(cost, events, COUNTED),
    cost,
  };
}
