import type { GroupCommit } from './group-commit.ts';

/** How groups are written. */
export interface GroupCommitOptions<Item, Result> {
  /** Writes a group and answers with one result per item, in order. When it rejects, all items of the group reject. */
  write: (items: Item[]) => Promise<Result[]>;
  /** Items of one group at most; 200 by default. */
  maxGroup?: number;
  /** Groups under way at once; 1 by default: groups grow largest when they wait for each other. */
  maxConcurrent?: number;
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
export function createGroupCommit<Item, Result>({
  write,
  maxGroup = 200,
  maxConcurrent = 1,
}: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  if (!Number.isInteger(maxGroup) || maxGroup < 1) throw new RangeError('maxGroup is a whole number from 1');
  if (!Number.isInteger(maxConcurrent) || maxConcurrent < 1)
    throw new RangeError('maxConcurrent is a whole number from 1');

  let queue: Waiting<Item, Result>[] = [];
  let underWay = 0;
  let startScheduled = false;
  let whenIdle: (() => void)[] = [];

  async function writeGroup(group: Waiting<Item, Result>[]): Promise<void> {
    underWay++;
    try {
      const results = await write(group.map(({ item }) => item));
      if (results.length !== group.length) throw new Error('A group write must answer once for every item');
      for (const [position, { batch, index }] of group.entries()) {
        batch.results[index] = results[position] as Result;
        batch.missing--;
        if (batch.missing === 0) batch.resolve(batch.results);
      }
    } catch (error) {
      for (const { batch } of group) batch.reject(error);
    } finally {
      underWay--;
    }
    start();
  }

  function start(): void {
    startScheduled = false;
    while (underWay < maxConcurrent && queue.length > 0) {
      const group = queue.length <= maxGroup ? queue : queue.slice(0, maxGroup);
      queue = queue.length <= maxGroup ? [] : queue.slice(maxGroup);
      void writeGroup(group);
    }
    if (underWay === 0 && whenIdle.length > 0) {
      const resolvers = whenIdle;
      whenIdle = [];
      for (const resolve of resolvers) resolve();
    }
  }

  /** A microtask later, so that what is added in the same breath shares the first group. */
  function scheduleStart(): void {
    if (startScheduled || underWay >= maxConcurrent) return;
    startScheduled = true;
    queueMicrotask(start);
  }

  function addAll(items: readonly Item[]): Promise<Result[]> {
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const batch: Batch<Result> = { results: new Array<Result>(items.length), missing: items.length, resolve, reject };
      for (const [index, item] of items.entries()) queue.push({ item, batch, index });
      scheduleStart();
    });
  }

  return {
    addAll,
    add: async (item) => (await addAll([item]))[0] as Result,
    drain: () =>
      underWay === 0 && queue.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            whenIdle.push(resolve);
          }),
    get waiting() {
      return queue.length;
    },
  };
}
