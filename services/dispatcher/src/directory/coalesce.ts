import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Shares one piece of work between all who ask for it at the same moment. Everybody is served by a run that *began after*
 * they asked: who comes while a run is under way waits for the next one, which all such latecomers share (rule 3). Under
 * load that next one begins after a pause, so that more can share it; who asks when nothing runs is served at once.
 */
export function coalesce(work: () => Promise<void>, pauseMs = 0): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function start(): Promise<void> {
    running = work().finally(() => {
      running = null;
    });
    return running;
  }

  return () => {
    // The next run has not begun yet, so it serves this asker too. Runs never overlap: an older answer that came in after a
    // newer one would bring back what was changed or deleted meanwhile.
    if (next !== null) return next;
    if (running === null) return start();
    next = running
      .catch(() => {
        // Whoever waited for that run has its error; the next run begins in any case.
      })
      .then(() => (pauseMs > 0 ? sleep(pauseMs) : undefined))
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
