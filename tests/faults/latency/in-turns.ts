/** p99 in milliseconds, one for each turn. */
export interface Turns {
  baseline: number[];
  fault: number[];
}

export interface TurnsPlan {
  turns: number;
  /** Measures without the fault, and with it. */
  baseline: () => Promise<number>;
  fault: () => Promise<number>;
}

/**
 * Measures without and with the fault by turns, so that a machine that is busy for a while burdens both. Each odd turn begins
 * with the fault: what the one leaves behind burdens the other as often.
 */
export async function inTurns({ turns, baseline, fault }: TurnsPlan): Promise<Turns> {
  const taken: Turns = { baseline: [], fault: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    const order = ['baseline', 'fault'] as const;
    for (const what of turn % 2 === 0 ? order : order.toReversed()) {
      taken[what].push(await (what === 'baseline' ? baseline() : fault()));
    }
  }
  return taken;
}

/** The median of the turns with the fault over the median of those without: one disturbed turn decides nothing. */
function ratioOf({ baseline, fault }: Turns): number {
  return median(fault) / median(baseline);
}

/**
 * A p99 of some seconds is the fourth slowest of four hundred: one stall of a shared machine (a garbage collection, a flush to
 * disk) moves it by so much, which is no ratio where the baseline is a dozen milliseconds.
 */
const ONE_STALL_MS = 25;

/** Whether it is at most `bar` times the baseline, or so little above it that one stall explains it. */
export function isWithin(bar: number, turns: Turns): boolean {
  return ratioOf(turns) <= bar || median(turns.fault) - median(turns.baseline) <= ONE_STALL_MS;
}

/** For the table: what `isWithin` asks. */
export const withinText = (bar: number) =>
  `at most ${bar} x the baseline of the same run, or ${ONE_STALL_MS} ms above it`;

export function describeTurns(turns: Turns): string {
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(' ');
  return `p99 ${median(turns.fault).toFixed(0)} ms, baseline ${median(turns.baseline).toFixed(0)} ms: ${ratioOf(turns).toFixed(2)} (turns: ${list(turns.fault)} to ${list(turns.baseline)})`;
}

/** For the JSON. */
export function figuresOf(turns: Turns): Record<string, number | string> {
  return { ratio: ratioOf(turns), baseline_p99_ms: turns.baseline.join(' '), fault_p99_ms: turns.fault.join(' ') };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2;
}
