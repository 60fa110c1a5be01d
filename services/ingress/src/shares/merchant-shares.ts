import { BoundedMap } from '../memory/bounded-map.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';

/** Merchants remembered; who is forgotten begins with a full share. */
const MERCHANTS = 10_000;

export interface ShareSettings {
  /** Events of one merchant per second that go through the first lane. */
  perSecond: number;
  /** How many may come at once after a pause. */
  burst: number;
}

interface Share {
  tokens: number;
  /** Events beyond the share that have probably not been fanned out yet; wears off as fast as the share fills. */
  overflowing: number;
  countedAtMs: number;
}

/**
 * Each merchant's share of the first lane, counted in this process (rule 10). What exceeds it is accepted all the same, and
 * goes through the overflow lane, where it is nobody else's burden.
 */
export class MerchantShares {
  readonly #settings: ShareSettings;
  readonly #clock: MonotonicClock;
  readonly #shares = new BoundedMap<string, Share>(MERCHANTS);

  constructor(settings: ShareSettings, clock: MonotonicClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /** One more event of this merchant. Null within its share; else how many of its own are before it in the overflow lane. */
  take(merchantId: string): number | null {
    const share = this.#shareOf(merchantId);
    if (share.tokens >= 1) {
      share.tokens -= 1;
      return null;
    }
    share.overflowing += 1;
    return Math.floor(share.overflowing) - 1;
  }

  #shareOf(merchantId: string): Share {
    const { perSecond, burst } = this.#settings;
    const nowMs = this.#clock();
    const known = this.#shares.get(merchantId);
    if (known === undefined) {
      const fresh = { tokens: burst, overflowing: 0, countedAtMs: nowMs };
      this.#shares.set(merchantId, fresh);
      return fresh;
    }
    const earned = ((nowMs - known.countedAtMs) / 1000) * perSecond;
    known.tokens = Math.min(burst, known.tokens + earned);
    known.overflowing = Math.max(0, known.overflowing - earned);
    known.countedAtMs = nowMs;
    return known;
  }
}
