import type { MonotonicClock } from '../memory/token-bucket.ts';

export interface IntakeLimitSettings {
  /** How many notifications may be under way, from their last byte to their end in the store. */
  maxNotifications: number;
  /** How many bytes bodies may hold, unfinished ones included. */
  maxBytes: number;
}

/** What one body holds of the bytes that bodies may hold. */
export interface HeldBody {
  /** Takes so many bytes more; false when there is no room for them. */
  hold(bytes: number): boolean;
  /** The whole body has come: from here on it no longer has to make room. */
  complete(): void;
  /** Gives everything back. To be called once. */
  release(): void;
}

/** Nearly all notifications are smaller. */
const SMALL_BODY_BYTES = 32_768;
/** What bodies may hold beyond their first `SMALL_BODY_BYTES`: the rest is left to small ones, whatever large ones come. */
const LARGE_SHARE = 0.75;
/** A body that takes longer to arrive makes room when others have none; connectors send theirs in one go. */
const SLOW_MS = 2_000;

/**
 * How much may be under way at once. What exceeds it is answered with 503 at once: a connector comes back, a process
 * without memory does not. A notification counts until the store has settled it, even when its caller was told 503.
 * Large bodies leave room for small ones, and slow ones make room for those that come at once.
 */
export class IntakeLimit {
  readonly #settings: IntakeLimitSettings;
  readonly #clock: MonotonicClock;
  /** The oldest first. */
  readonly #arriving = new Set<Arriving>();
  #notifications = 0;
  #bytes = 0;
  #largeBytes = 0;

  constructor(settings: IntakeLimitSettings, clock: MonotonicClock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  get notifications(): number {
    return this.#notifications;
  }

  get bytes(): number {
    return this.#bytes;
  }

  enter(): boolean {
    if (this.#notifications >= this.#settings.maxNotifications) {
      return false;
    }
    this.#notifications += 1;
    return true;
  }

  leave(): void {
    this.#notifications -= 1;
  }

  /** @param shed called at most once, when this body has to make room; it must release it */
  begin(shed: () => void): HeldBody {
    let held = 0;
    const arriving = { sinceMs: this.#clock(), shed };
    this.#arriving.add(arriving);
    return {
      hold: (bytes) => {
        const before = held;
        if (!this.#hasRoom(before, bytes, arriving)) {
          return false;
        }
        held += bytes;
        this.#bytes += bytes;
        this.#largeBytes += large(held) - large(before);
        return true;
      },
      complete: () => void this.#arriving.delete(arriving),
      release: () => {
        this.#arriving.delete(arriving);
        this.#bytes -= held;
        this.#largeBytes -= large(held);
        held = 0;
      },
    };
  }

  #hasRoom(held: number, more: number, body: Arriving): boolean {
    const { maxBytes } = this.#settings;
    const moreLarge = large(held + more) - large(held);
    const fits = () =>
      this.#bytes + more <= maxBytes && (moreLarge === 0 || this.#largeBytes + moreLarge <= maxBytes * LARGE_SHARE);
    for (const slow of this.#arriving) {
      if (fits() || slow === body || this.#clock() - slow.sinceMs < SLOW_MS) {
        break;
      }
      slow.shed();
    }
    return fits();
  }
}

interface Arriving {
  sinceMs: number;
  shed: () => void;
}

function large(bytes: number): number {
  return Math.max(0, bytes - SMALL_BODY_BYTES);
}
