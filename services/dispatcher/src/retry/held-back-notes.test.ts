import { NOW_MS } from '../../tests/support/fakes.ts';
import { createHeldBackNotes } from './held-back-notes.ts';

beforeEach(() => jest.useFakeTimers({ now: NOW_MS }));
afterEach(() => jest.useRealTimers());

function setUp() {
  const written: { deliveryId: string; until: Date }[][] = [];
  const notes = createHeldBackNotes({
    deliveries: { noteHeldBack: async (group) => void written.push([...group]) },
    nowMs: () => Date.now(),
    onTrouble: () => undefined,
  });
  const note = (deliveryId: string, forMs: number, reason: 'breaker' | 'rate_limit' = 'breaker') =>
    notes.note({ deliveryId, round: 0, until: new Date(Date.now() + forMs), reason });
  return { notes, note, written };
}

describe('what holds deliveries back', () => {
  it('is noted in groups, with the last word of each', async () => {
    const { note, written } = setUp();
    note('dlv_1', 5_000);
    note('dlv_2', 5_000);
    note('dlv_1', 9_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(written).toEqual([
      [
        { deliveryId: 'dlv_1', round: 0, until: new Date(NOW_MS + 9_000), reason: 'breaker' },
        { deliveryId: 'dlv_2', round: 0, until: new Date(NOW_MS + 5_000), reason: 'breaker' },
      ],
    ]);
  });

  it('is noted again once what was noted is over: an attempt in between has taken it away', async () => {
    const { note, written } = setUp();
    note('dlv_1', 10_000);
    await jest.advanceTimersByTimeAsync(10_000);
    note('dlv_1', 20_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(written.flat().map(({ until }) => until.getTime() - NOW_MS)).toEqual([10_000, 30_000]);
  });

  it('is noted once a minute where it is a limit, whose turns pass quickly', async () => {
    const { note, written } = setUp();
    note('dlv_1', 10_000, 'rate_limit');
    await jest.advanceTimersByTimeAsync(10_000);
    note('dlv_1', 300_000, 'rate_limit');
    await jest.advanceTimersByTimeAsync(45_000);
    expect(written).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(written.flat().map(({ until }) => until.getTime() - NOW_MS)).toEqual([10_000, 310_000]);
  });

  it('is noted once a minute while it is put off from one time to another, with the last word then', async () => {
    const { note, written } = setUp();
    for (let second = 0; second < 50; second += 5) {
      note('dlv_1', 300_000);
      await jest.advanceTimersByTimeAsync(5_000);
    }
    expect(written).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(11_000);
    expect(written.flat().map(({ until }) => until.getTime() - NOW_MS)).toEqual([300_000, 345_000]);
  });

  it('is not noted once it is over', async () => {
    const { note, written } = setUp();
    note('dlv_1', 900);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written).toEqual([]);
  });

  it('is noted for so many a second and no more, until all have had their turn', async () => {
    const { note, written } = setUp();
    for (let n = 0; n < 500; n += 1) note(`dlv_${n}`, 60_000);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written.map((group) => group.length)).toEqual([200, 200, 100]);
  });

  it('is noted no more after a stop', async () => {
    const { notes, note, written } = setUp();
    note('dlv_1', 60_000);
    await notes.stop();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(written).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
