/** Milliseconds from any fixed point; never goes back. */
export type MonotonicClock = () => number;

export interface TokenBucketSettings {
  /** How many may be taken at once. */
  capacity: number;
  refillPerS: number;
}

/** Bounds a rate, and allows a burst. */
export class TokenBucket {
  readonly #settings: TokenBucketSettings;
  readonly #clock: MonotonicClock;
  #tokens: number;
  #countedAtMs: number;

  constructor(settings: TokenBucketSettings, clock: MonotonicClock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#tokens = settings.capacity;
    this.#countedAtMs = clock();
  }

  /** Takes one token if there is one; tells whether it did. */
  take(): boolean {
    const nowMs = this.#clock();
    const earned = ((nowMs - this.#countedAtMs) / 1000) * this.#settings.refillPerS;
    this.#tokens = Math.min(this.#settings.capacity, this.#tokens + earned);
    this.#countedAtMs = nowMs;
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}
