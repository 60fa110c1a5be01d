import { Turns } from './turns.ts';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('Turns', () => {
  it('gives the burst at once, then one after the other in the order of the line', async () => {
    const turns = new Turns({ perS: 100, burst: 2, maxWaiting: 10 }, () => Date.now());
    const served: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      void turns.take()?.then(() => served.push(name));
    }
    await jest.advanceTimersByTimeAsync(0);
    expect(served).toEqual(['a', 'b']);
    await jest.advanceTimersByTimeAsync(10);
    expect(served).toEqual(['a', 'b', 'c']);
    await jest.advanceTimersByTimeAsync(10);
    expect(served).toEqual(['a', 'b', 'c', 'd']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('turns away when the line is full, and lets nobody pass the line', async () => {
    const turns = new Turns({ perS: 100, burst: 1, maxWaiting: 1 }, () => Date.now());
    expect([turns.take(), turns.take(), turns.take()].map((turn) => turn !== null)).toEqual([true, true, false]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(turns.take()).not.toBeNull();
  });

  it('lets nobody who comes just when it is the turn of one who waits go first', async () => {
    let nowMs = 0;
    const turns = new Turns({ perS: 100, burst: 1, maxWaiting: 10 }, () => nowMs);
    const served: string[] = [];
    const enter = (name: string) => void turns.take()?.then(() => served.push(name));
    enter('first');
    enter('waiting');
    nowMs = 10;
    enter('later');
    await jest.advanceTimersByTimeAsync(10);
    expect(served).toEqual(['first', 'waiting']);
  });

  it('serves a second line after the first has ended', async () => {
    const turns = new Turns({ perS: 100, burst: 1, maxWaiting: 10 }, () => Date.now());
    const served: number[] = [];
    for (const round of [1, 2]) {
      for (const _one of [1, 2]) {
        void turns.take()?.then(() => served.push(round));
      }
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(served).toEqual([1, 1, 2, 2]);
  });
});
