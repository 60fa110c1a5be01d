import { BoundedMap } from '../memory/bounded-map.ts';
import { type MonotonicClock, TokenBucket } from '../memory/token-bucket.ts';

const ACCOUNTS = 10_000;
/** After a pause, this many seconds' worth at once. */
const BURST_S = 10;

/** Bounds how many notifications of one account are taken whose worth only a look at the vendor's API can tell. */
export interface LookLimit {
  take(accountId: string): boolean;
}

export function createLookLimit(perSecond: number, clock: MonotonicClock): LookLimit {
  const buckets = new BoundedMap<string, TokenBucket>(ACCOUNTS);
  return {
    take(accountId) {
      const bucket =
        buckets.get(accountId) ?? new TokenBucket({ capacity: perSecond * BURST_S, refillPerS: perSecond }, clock);
      buckets.set(accountId, bucket);
      return bucket.take();
    },
  };
}
