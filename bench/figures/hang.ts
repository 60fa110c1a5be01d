import { rounded } from '../measure/percentiles.ts';
import type { BenchRun } from './bench-run.ts';
import { type LatencyFigure, takeLatency } from './latency.ts';

/** What one endpoint that never answers does to the nine others. */
export interface HangFigure {
  /** The same nine endpoints, right before. */
  readonly baseline: LatencyFigure;
  readonly hanging: LatencyFigure;
  /** Hanging to baseline; 1 means that nobody noticed. */
  readonly p50_ratio: number | null;
  readonly p99_ratio: number | null;
  /** How many requests the hanging endpoint took. */
  readonly requests_hung: number;
}

const PER_SECOND = 200;
const SECONDS = 15;
const HANGING_ENDPOINT = 9;

/** 200 events a second to ten endpoints, first with all of them well, then with one that takes requests and never answers. */
export async function takeHang(run: BenchRun): Promise<HangFigure> {
  const { receiver } = run;
  const baseline = await takeLatency(run, PER_SECOND, SECONDS, { except: HANGING_ENDPOINT });
  await receiver.call('hang', HANGING_ENDPOINT);
  try {
    const hanging = await takeLatency(run, PER_SECOND, SECONDS, { except: HANGING_ENDPOINT });
    const { hung } = await receiver.call('counts', undefined);
    return {
      baseline,
      hanging,
      p50_ratio: ratio(hanging.end_to_end.p50_ms, baseline.end_to_end.p50_ms),
      p99_ratio: ratio(hanging.end_to_end.p99_ms, baseline.end_to_end.p99_ms),
      requests_hung: hung,
    };
  } finally {
    await receiver.call('hang', null);
  }
}

function ratio(value: number | null, base: number | null): number | null {
  return value === null || base === null || base === 0 ? null : rounded(value / base, 2);
}
