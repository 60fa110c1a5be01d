import type { World } from '../e2e/open-world.ts';
import { checkInvariants, type Recipient } from '../invariants/check-invariants.ts';
import { gatherRun } from '../invariants/gather-run.ts';
import type { Fact } from '../parties/fact.ts';
import type { Finding } from './fault-row.ts';

export interface Case {
  acked: readonly Fact[];
  recipients: readonly Recipient[];
  /** How many requests may have been answered, or were under way, when the fault struck. */
  maxDuplicates: number;
  deadlineMs?: number;
}

/** Waits until the gateway is at rest and checks the invariants I1-I4 and I7 over everything that was acknowledged. */
export async function judge({ operator }: World, the: Case): Promise<Finding> {
  const { acked, recipients, maxDuplicates, deadlineMs = 120_000 } = the;
  const run = await gatherRun({ operator, acked, recipients, deadlineMs });
  const { violations, violationCount, lost, duplicates, delivered, deadLettered } = checkInvariants(run, {
    maxDuplicates,
  });
  const first = violations[0];
  return {
    met: violationCount === 0,
    figure: [
      `${acked.length} acknowledged, lost ${lost}, twice ${duplicates} (bar ${maxDuplicates})`,
      ...(deadLettered > 0 ? [`dead letters ${deadLettered}`] : []),
      ...(first === undefined ? [] : [`${violationCount} violations, first: ${first.invariant} ${first.detail}`]),
    ].join(', '),
    figures: {
      acknowledged: acked.length,
      lost,
      duplicates,
      delivered,
      dead_lettered: deadLettered,
      violations: violationCount,
    },
  };
}

/** One finding out of several things that must all hold. */
export function together(...findings: readonly Finding[]): Finding {
  return {
    met: findings.every(({ met }) => met),
    figure: findings
      .map(({ figure }) => figure)
      .filter((figure) => figure !== '')
      .join('; '),
    figures: Object.assign({}, ...findings.map(({ figures }) => figures)),
  };
}
