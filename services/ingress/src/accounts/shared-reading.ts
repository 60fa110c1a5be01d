interface Readings<Value> {
  current: Promise<Value>;
  /** Begins when the current one has ended. */
  next: Promise<Value> | null;
}

/**
 * Lets everybody who asks for one key share a reading that began *after* they asked (rule 3): however many ask, one
 * reading is under way and one is waiting, and nobody is told what was true before.
 */
export class SharedReadings<Value> {
  readonly #byKey = new Map<string, Readings<Value>>();
  readonly #read: (key: string) => Promise<Value>;

  constructor(read: (key: string) => Promise<Value>) {
    this.#read = read;
  }

  /** A reading that is under way: good enough for one who only refreshes. */
  running(key: string): Promise<Value> | null {
    return this.#byKey.get(key)?.current ?? null;
  }

  /** A reading that has not begun yet. */
  begin(key: string): Promise<Value> {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      return this.#start(key);
    }
    known.next ??= known.current.then(
      () => this.#start(key),
      () => this.#start(key),
    );
    return known.next;
  }

  #start(key: string): Promise<Value> {
    const readings: Readings<Value> = { current: this.#read(key), next: null };
    this.#byKey.set(key, readings);
    const forget = () => {
      if (this.#byKey.get(key) === readings && readings.next === null) {
        this.#byKey.delete(key);
      }
    };
    readings.current.then(forget, forget);
    return readings.current;
  }
}
