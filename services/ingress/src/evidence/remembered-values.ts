import type { Remembered } from '@owngateway/connectors';
import { BoundedMap } from '../memory/bounded-map.ts';

/**
 * What was loaded and may be used again, by key. However many ask for one key, it is loaded once. What was unused for longest
 * makes room, since strangers may choose keys.
 */
export class RememberedValues {
  readonly #known: BoundedMap<string, Remembered<unknown>>;
  readonly #loading = new Map<string, Promise<Remembered<unknown>>>();
  readonly #now: () => Date;

  constructor(capacity: number, now: () => Date) {
    this.#known = new BoundedMap(capacity);
    this.#now = now;
  }

  /** Rejects when loading does; nothing is remembered then. Values of one key are all of one type. */
  async remember<Value>(key: string, load: () => Promise<Remembered<Value>>): Promise<Value> {
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.#now()) {
      return known.value as Value;
    }
    const loading = this.#loading.get(key) ?? this.#load(key, load);
    return (await loading).value as Value;
  }

  #load(key: string, load: () => Promise<Remembered<unknown>>): Promise<Remembered<unknown>> {
    const loading = load()
      .then((loaded) => {
        this.#known.set(key, loaded);
        return loaded;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }
}
