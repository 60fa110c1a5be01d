import { openWorld } from '../e2e/open-world.ts';
import type { FaultRow, Finding } from './fault-row.ts';

export type Verdict = 'met' | 'not met' | 'not run' | 'failed';

/** A row and what became of it. `not run`: this machine cannot; `failed`: the row itself could not be carried out. */
export interface RowResult
  extends Pick<FaultRow, 'number' | 'group' | 'fault' | 'bar'>,
    Pick<Finding, 'figure' | 'figures'> {
  readonly verdict: Verdict;
  readonly seconds: number;
}

/** Runs one row and ends everything that it began. Never rejects. */
export async function runRow(row: FaultRow, short: boolean): Promise<RowResult> {
  const { number, group, fault, bar } = row;
  const startedAt = performance.now();
  const ends: (() => unknown)[] = [];
  const result = (verdict: Verdict, finding: Pick<Finding, 'figure' | 'figures'>): RowResult => ({
    number,
    group,
    fault,
    bar,
    ...finding,
    verdict,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  });
  try {
    const obstacle = (await row.obstacle?.()) ?? null;
    if (obstacle !== null) return result('not run', { figure: obstacle, figures: {} });
    const { met, figure, figures } = await row.run({
      short,
      onEnd: (end) => void ends.unshift(end),
      async openWorld(settings) {
        const world = await openWorld(settings);
        ends.unshift(() => world.close());
        return world;
      },
    });
    return result(met ? 'met' : 'not met', { figure, figures });
  } catch (error) {
    return result('failed', { figure: error instanceof Error ? error.message : String(error), figures: {} });
  } finally {
    for (const end of ends) await Promise.resolve(end()).catch(() => undefined);
  }
}
