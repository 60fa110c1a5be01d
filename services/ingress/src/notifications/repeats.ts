import { createHash } from 'node:crypto';
import type { EventRecord } from '@owngateway/store';
import { BoundedMap } from '../memory/bounded-map.ts';
import { type MonotonicClock, TokenBucket } from '../memory/token-bucket.ts';

/** How many repeats of one account are recorded: 20 at once and 6 an hour; the others are only counted. */
const RECORDED = { capacity: 20, refillPerS: 6 / 3_600 };
const ACCOUNTS = 10_000;
const BODIES = 10_000;

/**
 * Keeps the storage bounded when something is sent again and again. A repeat raises nothing, so it only matters that a
 * few of them can be seen; the first ones are recorded, which also mends a record that was lost in a crash.
 */
export interface Repeats {
  /** Whether this repeat is one of those that are recorded. */
  isRecorded(accountId: string): boolean;
  /** Whether this body, which raises no event that could tell, was recorded lately. */
  wasRecorded(accountId: string, body: Buffer): boolean;
  /** To be called once the record of such a body is stored. */
  noteRecorded(accountId: string, body: Buffer): void;
}

export function createRepeats(clock: MonotonicClock): Repeats {
  const buckets = new BoundedMap<string, TokenBucket>(ACCOUNTS);
  const recorded = new BoundedMap<string, true>(BODIES);
  return {
    isRecorded(accountId) {
      const bucket = buckets.get(accountId) ?? new TokenBucket(RECORDED, clock);
      buckets.set(accountId, bucket);
      return bucket.take();
    },
    wasRecorded: (accountId, body) => recorded.get(fingerprint(accountId, body)) === true,
    noteRecorded(accountId, body) {
      recorded.set(fingerprint(accountId, body), true);
    },
  };
}

/** Whether the store already had every one of these events. */
export function isRepeat(events: readonly EventRecord[], standingIds: readonly string[]): boolean {
  return events.length > 0 && events.every((event, index) => event._id !== standingIds[index]);
}

function fingerprint(accountId: string, body: Buffer): string {
  return `${accountId}:${createHash('sha256').update(body).digest('base64')}`;
}
