import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `condition` again until it says yes or `deadlineMs` have passed.
 * Answers whether it said yes; never throws on its own.
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
  intervalMs = 25,
): Promise<boolean> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= end) return false;
    await delay(intervalMs);
  }
}
