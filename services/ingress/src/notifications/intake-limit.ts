export interface IntakeLimitSettings {
  /** How many notifications may be under way, from their last byte to their end in the store. */
  maxNotifications: number;
  /** How many bytes of bodies may be held, unfinished ones included. */
  maxBytes: number;
}

/**
 * How much may be under way at once. What exceeds it is answered with 503 at once: a connector comes back, a process
 * without memory does not. A notification counts until the store has settled it, even when its caller was told 503.
 */
export class IntakeLimit {
  readonly #settings: IntakeLimitSettings;
  #notifications = 0;
  #bytes = 0;

  constructor(settings: IntakeLimitSettings) {
    this.#settings = settings;
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

  holdBytes(count: number): boolean {
    if (this.#bytes + count > this.#settings.maxBytes) {
      return false;
    }
    this.#bytes += count;
    return true;
  }

  releaseBytes(count: number): void {
    this.#bytes -= count;
  }
}
