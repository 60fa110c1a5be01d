import type { IdPrefix } from '@owngateway/domain';

/** Conditions on a time-ordered `_id`. */
export interface IdRange {
  $gte?: string;
  $lt?: string;
}

/**
 * The first id that could be made at this moment: ids begin with their time, 48 bits of milliseconds (RFC 9562, 5.7), so
 * a stretch of time is a range of `_id` and needs no index of its own.
 */
export function firstIdAt(prefix: IdPrefix, at: Date): string {
  const milliseconds = Math.min(Math.max(at.getTime(), 0), 2 ** 48 - 1);
  return `${prefix}_${milliseconds.toString(16).padStart(12, '0')}`;
}

/** The ids made from `since` (inclusive) to `until` (exclusive) and, in a list, after the page that ended with `after`. */
export function idRange(
  prefix: IdPrefix,
  { since, until, after }: { since?: Date | undefined; until?: Date | undefined; after?: string | null },
): IdRange | undefined {
  const before = [until && firstIdAt(prefix, until), after ?? undefined].filter((id) => id !== undefined);
  const range: IdRange = {};
  if (since !== undefined) range.$gte = firstIdAt(prefix, since);
  const upper = before.sort()[0];
  if (upper !== undefined) range.$lt = upper;
  return Object.keys(range).length === 0 ? undefined : range;
}

/** A range that lies in both. */
export function intersect(one: IdRange | undefined, other: IdRange | undefined): IdRange | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const lower = [one.$gte, other.$gte]
    .filter((id) => id !== undefined)
    .sort()
    .at(-1);
  const upper = [one.$lt, other.$lt].filter((id) => id !== undefined).sort()[0];
  return { ...(lower === undefined ? {} : { $gte: lower }), ...(upper === undefined ? {} : { $lt: upper }) };
}
