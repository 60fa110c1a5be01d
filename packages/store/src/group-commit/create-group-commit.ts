import type { GroupCommit } from './group-commit.ts';

/** How groups are written. */
export interface GroupCommitOptions<Item, Result> {
  /** Writes a group and answers with one result per item, in order. When it rejects, all items of the group reject. */
  write: (items: Item[]) => Promise<Result[]>;
  /** Items of one group at most; 200 by default. */
  maxGroup?: number;
  /** Groups under way at once; 1 by default: groups grow largest when they wait for each other. */
  maxConcurrent?: number;
  /**
   * Gathering while busy: right after a group of at least `from` items the next one waits up to `ms` milliseconds for more.
   * Never when idle, so a lone item goes at once. A write has a price of its own (measured: a group of 10 costs a third
   * more per document than one of 25, and a command on the client as much again). Without it, none waits.
   */
  gather?: { ms: number; from: number };
}

/** Receives the results of items that were added together. */
interface Batch<Result> {
  results: Result[];
  missing: number;
  resolve(results: Result[]): void;
  reject(reason: unknown): void;
}

interface Waiting<Item, Result> {
  item: Item;
  batch: Batch<Result>;
  index: number;
}

/** Makes a group commit around one kind of write; see {@link GroupCommit}. */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const { maxGroup = 200, maxConcurrent = 1 } = options;
  if (!Number.isInteger(maxGroup) || maxGroup < 1) throw new RangeError('maxGroup is a whole number from 1');
  if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1)
    throw new RangeError('maxConcurrent is a whole number from 1');
  return new Committer({ ...options, maxGroup, maxConcurrent });
}

class Committer<Item, Result> implements GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result> & { maxGroup: number; maxConcurrent: number };
  #queue: Waiting<Item, Result>[] = [];
  #underWay = 0;
  #startScheduled = false;
  #gatherUntilMs = 0;
  #gathering: NodeJS.Timeout | null = null;
  #whenIdle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<Item, Result> & { maxGroup: number; maxConcurrent: number }) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  async add(item: Item): Promise<Result> {
    return (await this.addAll([item]))[0] as Result;
  }

  addAll(items: readonly Item[]): Promise<Result[]> {
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const batch: Batch<Result> = { results: new Array<Result>(items.length), missing: items.length, resolve, reject };
      for (const [index, item] of items.entries()) this.#queue.push({ item, batch, index });
      this.#scheduleStart();
    });
  }

  drain(): Promise<void> {
    if (this.#underWay === 0 && this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#scheduleStart();
    });
  }

  /** A microtask later, so that what is added in the same breath shares the first group. */
  #scheduleStart(): void {
    if (this.#startScheduled || this.#underWay >= this.#options.maxConcurrent) return;
    this.#startScheduled = true;
    queueMicrotask(() => this.#start());
  }

  #start(): void {
    this.#startScheduled = false;
    while (this.#underWay < this.#options.maxConcurrent && this.#queue.length > 0) {
      if (this.#gathersFirst()) return;
      void this.#writeGroup(this.#nextGroup());
    }
    if (this.#underWay > 0) return;
    const resolvers = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of resolvers) resolve();
  }

  /** True when the next group should wait for company; sees to it that it does not wait for ever. */
  #gathersFirst(): boolean {
    if (this.#queue.length >= this.#options.maxGroup || this.#whenIdle.length > 0) return false;
    const leftMs = this.#gatherUntilMs - performance.now();
    if (leftMs <= 0) return false;
    this.#gathering ??= setTimeout(() => {
      this.#gatherUntilMs = 0;
      this.#start();
    }, leftMs);
    return true;
  }

  #nextGroup(): Waiting<Item, Result>[] {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    return this.#queue.splice(0, this.#options.maxGroup);
  }

  async #writeGroup(group: Waiting<Item, Result>[]): Promise<void> {
    this.#underWay++;
    try {
      const results = await this.#options.write(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error('A group write must answer once for every item');
      for (const [position, { batch, index }] of group.entries()) {
        batch.results[index] = results[position] as Result;
        batch.missing--;
        if (batch.missing === 0) batch.resolve(batch.results);
      }
    } catch (error) {
      for (const { batch } of group) batch.reject(error);
    } finally {
      this.#underWay--;
    }
    const { gather } = this.#options;
    if (gather !== undefined && group.length >= gather.from) this.#gatherUntilMs = performance.now() + gather.ms;
    this.#start();
  }
}
