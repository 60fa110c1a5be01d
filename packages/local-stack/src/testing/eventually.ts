import { setTimeout as delay } from 'node:timers/promises';

/** As long as the slower embedded server may take for a hundred things on a machine that is busy with other tests. */
const PATIENCE_MS = 20_000;

/** Asks until `check` no longer fails, and answers what it answered; its last error once `withinMs` have passed. */
export async function eventually<T>(check: () => T | Promise<T>, withinMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(10);
  }
}
