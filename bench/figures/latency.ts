import { COUNTED } from '../gateway/gateway.ts';
import { perTenThousand } from '../measure/meter.ts';
import { type Latencies, latenciesOf } from '../measure/percentiles.ts';
import { answerTimes, awaitArrivals, type BenchRun, demandAcknowledged, meterAll, prepareLoad } from './bench-run.ts';
import { settle } from './settle.ts';

/** End to end at a steady rate. */
export interface LatencyFigure {
  readonly per_s: number;
  readonly events: number;
  /** From just before the notification is sent to the event's arrival at the receiver. */
  readonly end_to_end: Latencies;
  readonly accept: Latencies;
  /** By how much the generator was late itself; the machine, not the gateway. */
  readonly generator_late_p99_ms: number;
  readonly cpu_per_10k_s: { readonly by_process: Readonly<Record<string, number>>; readonly total: number };
  readonly others_share: number;
}

const TIMEOUT_MS = 30_000;

/**
 * Sends `perSecond` events for `seconds`, evenly spaced and whatever the answers do (open loop), and looks only at those of
 * endpoints other than `hanging`.
 */
export async function takeLatency(
  run: BenchRun,
  perSecond: number,
  seconds: number,
  { except = -1 }: { except?: number } = {},
): Promise<LatencyFigure> {
  const endpoints = run.receiver.ports.length;
  const counted = (number: number): boolean => number % endpoints !== except;
  const fire = await prepareLoad(run, perSecond * seconds, { kind: 'open', perSecond });
  await settle(run);
  const end = meterAll(run);
  const sent = await fire();
  demandAcknowledged(sent);
  const { range } = sent;
  const healthy = Array.from(sent.sentAtMs.keys()).filter((i) => counted(range.from + i));
  await awaitArrivals(run, range, healthy.length, TIMEOUT_MS);
  const cost = end();
  const arrivedAtMs = await run.receiver.call('times', range);
  return {
    per_s: perSecond,
    events: healthy.length,
    end_to_end: latenciesOf(healthy.map((i) => (arrivedAtMs[i] ?? 0) - (sent.sentAtMs[i] ?? 0))),
    accept: latenciesOf(answerTimes(sent)),
    generator_late_p99_ms: sent.lateP99Ms,
    cpu_per_10k_s: perTenThousand(cost, healthy.length, COUNTED),
    others_share: cost.others_share,
  };
}
