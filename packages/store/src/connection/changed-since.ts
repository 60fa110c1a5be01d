/**
 * How much earlier than asked "changed since" begins. A change is stamped by the database when it is written; this covers what passes
 * until others see it, and the error of a process's idea of the database's clock. Caches take a change twice without harm (rule 3).
 */
const OVERLAP_MS = 2_000;

export function changedSinceBound(since: Date): Date {
  return new Date(since.getTime() - OVERLAP_MS);
}
