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
export function ratioOf({ baseline, fault }: Turns): number {
  return median(fault) / median(baseline);
}

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
