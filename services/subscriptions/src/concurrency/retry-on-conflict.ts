const MAX_TRIES = 5;

/**
 * Reads, decides and writes again when somebody changed the record in between. Still `conflict` after five tries: then
 * the caller is told.
 */
export async function retryOnConflict<T>(change: () => Promise<T | 'conflict'>): Promise<T | 'conflict'> {
  for (let tries = 1; tries < MAX_TRIES; tries++) {
    const outcome = await change();
    if (outcome !== 'conflict') return outcome;
  }
  return change();
}
