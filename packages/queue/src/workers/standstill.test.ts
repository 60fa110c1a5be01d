import type { WorkerState } from './open-worker.ts';
import { watchForStandstill } from './standstill.ts';

const HALF_A_MINUTE = 30_000;
const ONE_LOOK = 5_000;

function setUp() {
  const state = { queue: '{events}', begun: 7, hasRoom: true, isPaused: false };
  const other: WorkerState = { queue: '{retries}', begun: 0, hasRoom: true, isPaused: false };
  const found: string[] = [];
  const redis = { waiting: new Map([['{events}', 3]]) as Map<string, number> | Error };
  const watch = watchForStandstill({
    workers: () => [{ ...state }, other],
    waiting: async () => {
      if (redis.waiting instanceof Error) throw redis.waiting;
      return redis.waiting;
    },
    onStandstill: (queue) => void found.push(queue),
  });
  watch.start();
  return { watch, state, redis, found };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('the watch for workers that stand still', () => {
  it('finds one that takes none for half a minute, while jobs wait, there is room and Redis answers', async () => {
    const { watch, found } = setUp();
    // The first look only remembers.
    await jest.advanceTimersByTimeAsync(HALF_A_MINUTE);
    expect(watch.found()).toBe(false);
    await jest.advanceTimersByTimeAsync(ONE_LOOK);
    expect(watch.found()).toBe(true);
    await jest.advanceTimersByTimeAsync(HALF_A_MINUTE);
    expect(found).toEqual(['{events}']);
    watch.stop();
  });

  it('is content with one that goes on', async () => {
    const { watch, state } = setUp();
    await jest.advanceTimersByTimeAsync(HALF_A_MINUTE + ONE_LOOK);
    state.begun += 1;
    await jest.advanceTimersByTimeAsync(ONE_LOOK);
    expect(watch.found()).toBe(false);
    watch.stop();
  });

  it.each<[string, (it: ReturnType<typeof setUp>) => unknown]>([
    ['nothing waits', ({ redis }) => Object.assign(redis, { waiting: new Map([['{events}', 0]]) })],
    ['only another queue has jobs', ({ redis }) => Object.assign(redis, { waiting: new Map([['{deliveries}', 9]]) })],
    ['it takes jobs', ({ state }) => setInterval(() => state.begun++, 4_000)],
    ['it is full', ({ state }) => Object.assign(state, { hasRoom: false })],
    ['results cannot be written, so it is paused', ({ state }) => Object.assign(state, { isPaused: true })],
    ['Redis is away', ({ redis }) => Object.assign(redis, { waiting: new Error('away') })],
  ])('says nothing when %s', async (_when, make) => {
    const it = setUp();
    make(it);
    await jest.advanceTimersByTimeAsync(10 * HALF_A_MINUTE);
    expect(it.watch.found()).toBe(false);
    it.watch.stop();
    jest.clearAllTimers();
  });

  it('begins anew when Redis was away in between', async () => {
    const { watch, redis } = setUp();
    await jest.advanceTimersByTimeAsync(HALF_A_MINUTE);
    const { waiting } = redis;
    redis.waiting = new Error('away');
    await jest.advanceTimersByTimeAsync(ONE_LOOK);
    redis.waiting = waiting;
    await jest.advanceTimersByTimeAsync(HALF_A_MINUTE - ONE_LOOK);
    expect(watch.found()).toBe(false);
    await jest.advanceTimersByTimeAsync(ONE_LOOK);
    expect(watch.found()).toBe(true);
    watch.stop();
  });
});
