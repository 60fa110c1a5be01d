/**
 * Group commit without timers: while one write is on its way the next group collects; when idle a single item goes at
 * once. So latency stays at one write when there is little to do, and throughput is that of large groups when there is
 * much (architecture, "Group commit without timers").
 */
export interface GroupCommit<Item, Result> {
  /** Resolves with this item's result once its group is written; rejects when the group's write failed. */
  add(item: Item): Promise<Result>;
  /** Adds several that resolve together. */
  addAll(items: readonly Item[]): Promise<Result[]>;
  /** Waits until everything added so far is written. */
  drain(): Promise<void>;
  /** Items waiting for the next group. */
  readonly waiting: number;
}
