import type { Gateway } from '../gateway/gateway.ts';
import type { Merchants } from '../gateway/merchants.ts';
import type { Generator } from '../load/generator.ts';
import type { Content, LoadResult, Pace } from '../load/load.ts';
import type { Target } from '../load/sender.ts';
import { type Cost, startMeter } from '../measure/meter.ts';
import type { EventRange } from '../receiver/arrivals.ts';
import type { Receiver } from '../receiver/receiver.ts';

/** What every figure is taken with. */
export interface BenchRun {
  readonly gateway: Gateway;
  readonly merchants: Merchants;
  readonly receiver: Receiver;
  readonly generator: Generator;
  readonly cpus: number;
  /** When the last subscription was made: monotonic milliseconds. */
  readonly createdAtMs: number;
  /** Number of the next event; each event of a bench has its own. */
  nextEvent: number;
  /** Says what is going on. */
  log(line: string): void;
}

/** A load that has been sent. */
export interface Sent extends LoadResult {
  readonly range: EventRange;
}

/** Makes and signs a load that goes through the gateway unless it is told otherwise; the function sends it. */
export async function prepareLoad(
  run: BenchRun,
  count: number,
  pace: Pace,
  elsewhere?: { targets: readonly Target[]; content?: Content },
): Promise<() => Promise<Sent>> {
  const { merchants, generator } = run;
  const from = run.nextEvent;
  run.nextEvent += count;
  const content: Content = elsewhere?.content ?? { kind: 'notifications', secrets: merchants.secrets };
  await generator.call('prepare', { from, count, pace, content, targets: elsewhere?.targets ?? merchants.targets });
  return async () => ({ ...(await generator.call('fire', undefined)), range: { from, to: from + count } });
}

/** Meters all processes, the instruments included. */
export function meterAll(run: BenchRun): () => Cost {
  const pids = () => ({ ...run.gateway.pids(), generator: run.generator.pid, receiver: run.receiver.pid });
  return startMeter(pids, run.cpus);
}

/** Waits until so many of a range have arrived. Throws when they do not: figures of lost events would be worthless. */
export async function awaitArrivals(run: BenchRun, range: EventRange, count: number, timeoutMs: number): Promise<void> {
  const arrived = await run.receiver.call('waitFor', { range, count, timeoutMs });
  if (arrived < count) {
    throw new Error(`only ${arrived} of ${count} events arrived within ${timeoutMs / 1_000} s`);
  }
}

/** Throws unless every notification was acknowledged. */
export function demandAcknowledged(sent: Sent): void {
  const count = sent.range.to - sent.range.from;
  const acknowledged = (sent.statuses[200] ?? 0) + (sent.statuses[202] ?? 0) + (sent.statuses[204] ?? 0);
  if (acknowledged !== count) {
    throw new Error(`${acknowledged} of ${count} notifications were acknowledged: ${JSON.stringify(sent.statuses)}`);
  }
}

/** From just before each request to its answer, in milliseconds. */
export function answerTimes(sent: LoadResult): Float64Array {
  return sent.endedAtMs.map((endedAt, i) => endedAt - (sent.sentAtMs[i] ?? 0));
}
