import { setTimeout as pause } from 'node:timers/promises';

const INTERVAL_MS = 50;

export interface Patience {
  /** What is waited for, as the failure will say it. */
  what: string;
  deadlineMs?: number;
  intervalMs?: number;
}

/**
 * Asks until the answer is neither `undefined` nor `false`, and returns it. A question that throws counts as not yet:
 * a service that was just killed does not answer.
 *
 * @throws Error naming what did not come, and the last fault
 */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  { what, deadlineMs = 15_000, intervalMs = INTERVAL_MS }: Patience,
): Promise<Answer> {
  const end = performance.now() + deadlineMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= end) {
      const why = last instanceof Error ? ` (${last.message})` : '';
      throw new Error(`${what}: not within ${deadlineMs / 1000} s${why}`, { cause: last });
    }
    await pause(intervalMs);
  }
}
