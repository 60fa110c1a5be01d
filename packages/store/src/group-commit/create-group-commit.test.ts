import fc from 'fast-check';
import { createGroupCommit } from './create-group-commit.ts';

/** A store whose writes end when the test says so. */
function heldWrites() {
  const groups: { items: number[]; end(error?: Error): void }[] = [];
  const write = (items: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      groups.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => `r${item}`))) });
    });
  return { groups, write };
}

/** Lets everything that is ready happen. */
async function settleDown(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

describe('group commit', () => {
  it('sends a single item at once, and collects while a write is under way', async () => {
    const { groups, write } = heldWrites();
    const commit = createGroupCommit({ write });
    const first = commit.add(1);
    await settleDown();
    expect(groups.map(({ items }) => items)).toEqual([[1]]);
    const later = [commit.add(2), commit.add(3), commit.addAll([4, 5])];
    await settleDown();
    expect(groups).toHaveLength(1);
    expect(commit.waiting).toBe(4);
    groups[0]?.end();
    expect(await first).toBe('r1');
    await settleDown();
    expect(groups[1]?.items).toEqual([2, 3, 4, 5]);
    groups[1]?.end();
    expect(await Promise.all(later)).toEqual(['r2', 'r3', ['r4', 'r5']]);
  });

  it('shares a group among what is added in the same breath', async () => {
    const { groups, write } = heldWrites();
    const commit = createGroupCommit({ write });
    void commit.add(1);
    void commit.add(2);
    await settleDown();
    expect(groups.map(({ items }) => items)).toEqual([[1, 2]]);
  });

  it('rejects the items of a group whose write failed, and only those', async () => {
    const { groups, write } = heldWrites();
    const commit = createGroupCommit({ write, maxGroup: 2 });
    const [lost, spread, kept] = [commit.add(1), commit.addAll([2, 3]), commit.add(4)];
    const outcomes = Promise.allSettled([lost, spread, kept]);
    await settleDown();
    groups[0]?.end(new Error('away'));
    await settleDown();
    groups[1]?.end();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    const again = commit.add(5);
    await settleDown();
    groups[2]?.end();
    expect(await again).toBe('r5');
  });

  it('rejects a write that does not answer for every item', async () => {
    const commit = createGroupCommit<number, number>({ write: async () => [] });
    await expect(commit.add(1)).rejects.toThrow('once for every item');
  });

  it('drains', async () => {
    const { groups, write } = heldWrites();
    const commit = createGroupCommit({ write, maxGroup: 1 });
    await commit.drain();
    const added = commit.addAll([1, 2]);
    let drained = false;
    const draining = commit.drain().then(() => {
      drained = true;
    });
    await settleDown();
    groups[0]?.end();
    await settleDown();
    expect(drained).toBe(false);
    groups[1]?.end();
    await draining;
    await added;
    expect(await commit.addAll([])).toEqual([]);
  });

  it('refuses sizes that make no sense', () => {
    const write = async () => [];
    expect(() => createGroupCommit({ write, maxGroup: 0 })).toThrow(RangeError);
    expect(() => createGroupCommit({ write, maxConcurrent: 1.5 })).toThrow(RangeError);
  });
});

describe('gathering while busy', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A group commit that has just written a group of three. */
  async function busy() {
    const { groups, write } = heldWrites();
    const commit = createGroupCommit({ write, maxGroup: 4, gather: { ms: 5, from: 3 } });
    void commit.addAll([1, 2, 3]);
    await settleDown();
    groups[0]?.end();
    await settleDown();
    return { commit, groups };
  }

  it('waits for company after a large group, and not for long', async () => {
    const { commit, groups } = await busy();
    void commit.add(4);
    await settleDown();
    jest.advanceTimersByTime(4);
    void commit.add(5);
    await settleDown();
    expect(groups).toHaveLength(1);
    jest.advanceTimersByTime(1);
    await settleDown();
    expect(groups[1]?.items).toEqual([4, 5]);
  });

  it('goes at once when the group is full, or somebody waits for the end', async () => {
    const full = await busy();
    void full.commit.addAll([4, 5, 6, 7]);
    await settleDown();
    expect(full.groups[1]?.items).toEqual([4, 5, 6, 7]);

    const ending = await busy();
    void ending.commit.add(4);
    await settleDown();
    const drained = ending.commit.drain();
    await settleDown();
    ending.groups[1]?.end();
    await drained;
  });

  it('never waits after a small group, or when it was idle meanwhile', async () => {
    const idle = await busy();
    jest.advanceTimersByTime(6);
    void idle.commit.add(4);
    await settleDown();
    expect(idle.groups[1]?.items).toEqual([4]);
    idle.groups[1]?.end();
    await settleDown();
    void idle.commit.add(5);
    await settleDown();
    expect(idle.groups[2]?.items).toEqual([5]);
  });
});

type Step = { add: number } | { end: number; fails: boolean };

/** Runs a group commit against writes that end when a step says so, and remembers what happened. */
class Rehearsal {
  readonly written: number[] = [];
  readonly failed = new Set<number>();
  readonly results: Promise<void>[] = [];
  readonly #open: { items: number[]; end(fails: boolean): void }[] = [];
  readonly commit;
  largestGroup = 0;
  mostAtOnce = 0;
  added = 0;

  constructor(maxGroup: number, maxConcurrent: number) {
    this.commit = createGroupCommit<number, number>({ write: (items) => this.#write(items), maxGroup, maxConcurrent });
  }

  #write(items: number[]): Promise<number[]> {
    return new Promise((resolve, reject) => {
      this.written.push(...items);
      this.#open.push({
        items,
        end: (fails) => (fails ? reject(new Error('away')) : resolve(items.map((item) => item * 2))),
      });
      this.largestGroup = Math.max(this.largestGroup, items.length);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#open.length);
    });
  }

  take(step: Step): void {
    if ('add' in step) this.#add(step.add);
    else this.#end(step.end, step.fails);
  }

  #add(count: number): void {
    const items = Array.from({ length: count }, () => this.added++);
    this.results.push(
      this.commit.addAll(items).then(
        (answers) => expect(answers).toEqual(items.map((item) => item * 2)),
        () => expect(items.some((item) => this.failed.has(item))).toBe(true),
      ),
    );
  }

  #end(index: number, fails: boolean): void {
    const [group] = this.#open.splice(index % Math.max(this.#open.length, 1), 1);
    if (fails) for (const item of group?.items ?? []) this.failed.add(item);
    group?.end(fails);
  }

  async finish(): Promise<void> {
    const draining = this.commit.drain();
    while (this.#open.length > 0) {
      this.#end(0, false);
      await settleDown();
    }
    await draining;
    await Promise.all(this.results);
  }
}

describe('group commit, whatever comes when', () => {
  it('loses nothing, keeps the order, and honours its bounds', async () => {
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ end: fc.nat(3), fails: fc.boolean() }),
    );
    const upTo = (max: number) => fc.integer({ min: 1, max });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), upTo(4), upTo(3), async (steps, maxGroup, maxConcurrent) => {
        const rehearsal = new Rehearsal(maxGroup, maxConcurrent);
        for (const one of steps) {
          rehearsal.take(one);
          await settleDown();
        }
        await rehearsal.finish();
        expect(rehearsal.written).toEqual(Array.from({ length: rehearsal.added }, (_, index) => index));
        expect(rehearsal.largestGroup).toBeLessThanOrEqual(maxGroup);
        expect(rehearsal.mostAtOnce).toBeLessThanOrEqual(maxConcurrent);
        expect(rehearsal.commit.waiting).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
