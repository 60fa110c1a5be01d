/** How long something took, in milliseconds. `null` throughout when nothing was measured. */
export interface Latencies {
  readonly count: number;
  readonly p50_ms: number | null;
  readonly p90_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number | null;
}

/** Nearest-rank percentiles of durations in milliseconds. */
export function latenciesOf(durationsMs: Iterable<number>): Latencies {
  const sorted = Float64Array.from(durationsMs).sort();
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    return value === undefined ? null : rounded(value, 2);
  };
  return { count: sorted.length, p50_ms: at(0.5), p90_ms: at(0.9), p99_ms: at(0.99), max_ms: at(1) };
}

/** `value` with so many decimals. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
