import { COUNTED } from '../gateway/gateway.ts';
import { type Cost, perTenThousand } from '../measure/meter.ts';
import { type Latencies, latenciesOf, rounded } from '../measure/percentiles.ts';
import { readMemory } from '../measure/process-cpu.ts';
import { answerTimes, awaitArrivals, type BenchRun, demandAcknowledged, meterAll, prepareLoad } from './bench-run.ts';
import { settle } from './settle.ts';

const TIMEOUT_MS = 90_000;

/** What the gateway does when connectors send as fast as they are answered. */
export interface SaturatedFigure {
  readonly events: number;
  /** Notifications acknowledged per second, with everything else running. */
  readonly accepted_per_s: number;
  readonly accept: Latencies;
  /** From the first notification sent to the last event received. */
  readonly delivered_per_s: number;
  readonly end_to_end: Latencies;
  readonly cpu_per_10k_s: { readonly by_process: Readonly<Record<string, number>>; readonly total: number };
  readonly memory_mib: Readonly<Record<string, number>>;
  readonly cost: Cost;
}

/** Sends `events` notifications, `concurrency` at a time, and waits for the last to be delivered. */
export async function takeSaturated(run: BenchRun, events: number, concurrency: number): Promise<SaturatedFigure> {
  const fire = await prepareLoad(run, events, { kind: 'closed', concurrency });
  await settle(run);
  const end = meterAll(run);
  const sent = await fire();
  demandAcknowledged(sent);
  await awaitArrivals(run, sent.range, events, TIMEOUT_MS);
  await settle(run);
  const cost = end();
  const memory_mib = readMemory(run.gateway.pids());
  const arrivedAtMs = await run.receiver.call('times', sent.range);
  const began = sent.sentAtMs[0] ?? 0;
  return {
    events,
    accepted_per_s: rate(events, began, sent.endedAtMs),
    accept: latenciesOf(answerTimes(sent)),
    delivered_per_s: rate(events, began, arrivedAtMs),
    end_to_end: latenciesOf(arrivedAtMs.map((at, i) => at - (sent.sentAtMs[i] ?? 0))),
    cpu_per_10k_s: perTenThousand(cost, events, COUNTED),
    memory_mib,
    cost,
  };
}

/** So many per second from `beganAtMs` to the latest of `timesMs`. */
export function rate(count: number, beganAtMs: number, timesMs: Float64Array): number {
  const lastMs = timesMs.reduce((latest, it) => Math.max(latest, it), 0);
  return rounded((count * 1_000) / (lastMs - beganAtMs), 0);
}
