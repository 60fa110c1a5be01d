import { type MonotonicClock, TokenBucket } from './token-bucket.ts';

export interface TurnsSettings {
  perS: number;
  /** How many have their turn at once when nobody came for a while. */
  burst: number;
  /** How many may wait; the others are turned away. */
  maxWaiting: number;
}

/** How often those who wait are looked after, in milliseconds. */
const TICK_MS = 10;

/** Bounds a rate by letting people wait in line rather than by turning them away, as long as the line is short. */
export class Turns {
  readonly #bucket: TokenBucket;
  readonly #maxWaiting: number;
  readonly #line: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor({ perS, burst, maxWaiting }: TurnsSettings, clock: MonotonicClock) {
    this.#bucket = new TokenBucket({ capacity: burst, refillPerS: perS }, clock);
    this.#maxWaiting = maxWaiting;
  }

  /** Resolves when it is one's turn; null when the line is full. */
  take(): Promise<void> | null {
    if (this.#line.length === 0 && this.#bucket.take()) {
      return Promise.resolve();
    }
    if (this.#line.length >= this.#maxWaiting) {
      return null;
    }
    this.#timer ??= setInterval(() => this.#serve(), TICK_MS).unref();
    return new Promise((resolve) => void this.#line.push(resolve));
  }

  #serve(): void {
    while (this.#line.length > 0 && this.#bucket.take()) {
      this.#line.shift()?.();
    }
    if (this.#line.length === 0 && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }
}
