import { setTimeout as sleep } from 'node:timers/promises';
import { isStoreUnavailable } from '@owngateway/store';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** A single document that a reachable store has refused this often will never be taken. */
const REFUSALS_BEFORE_GIVING_UP = 5;

type Write<Item, Result> = (part: readonly Item[]) => Promise<Result[]>;

export interface WriterEvents {
  /** The store is away: take no more jobs. */
  onBlocked: (error: unknown) => void;
  onWritable: () => void;
}

/** Writes until it is written; closed while anything waits to be written again (rule 8). */
export class PersistenceGate {
  readonly #events: WriterEvents;
  readonly #abandoned = new AbortController();
  #failing = 0;
  #opened: PromiseWithResolvers<void> | null = null;

  constructor(events: WriterEvents) {
    this.#events = events;
  }

  get closed(): boolean {
    return this.#opened !== null;
  }

  whenOpen(): Promise<void> {
    return this.#opened?.promise ?? Promise.resolve();
  }

  /** Ends the waiting: what is not written by now rejects. */
  abandon(): void {
    this.#abandoned.abort();
  }

  async persist<Item, Result>(group: readonly Item[], write: Write<Item, Result>): Promise<Result[]> {
    try {
      return await write(group);
    } catch (error) {
      this.#close(error);
      try {
        return await this.#writeAgain(group, write);
      } finally {
        this.#open();
      }
    }
  }

  async #writeAgain<Item, Result>(group: readonly Item[], write: Write<Item, Result>): Promise<Result[]> {
    let refusals = 0;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { signal: this.#abandoned.signal });
      try {
        return await write(group);
      } catch (error) {
        if (isStoreUnavailable(error)) continue;
        // One document that no server would take must not hold up the others of its group.
        if (group.length > 1) return await this.#eachAlone(group, write);
        refusals += 1;
        if (refusals >= REFUSALS_BEFORE_GIVING_UP) throw error;
      }
    }
  }

  async #eachAlone<Item, Result>(group: readonly Item[], write: Write<Item, Result>): Promise<Result[]> {
    const results = await Promise.all(group.map((item) => this.persist([item], write)));
    return results.flat();
  }

  #close(error: unknown): void {
    this.#failing += 1;
    if (this.#failing > 1) return;
    this.#opened = Promise.withResolvers();
    this.#events.onBlocked(error);
  }

  #open(): void {
    this.#failing -= 1;
    if (this.#failing > 0) return;
    this.#opened?.resolve();
    this.#opened = null;
    this.#events.onWritable();
  }
}
