/**
 * Shares one piece of work between all who ask for it at the same moment. Everybody is served by a run that *began after*
 * they asked: who comes while a run is under way waits for the next one, which all such latecomers share (rule 3).
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function start(): Promise<void> {
    running = work().finally(() => {
      running = null;
    });
    return running;
  }

  return () => {
    if (running === null) return start();
    next ??= running
      .catch(() => {
        // Whoever waited for that run has its error; the next run begins in any case.
      })
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
