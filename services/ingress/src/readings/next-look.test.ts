import { nextLookAt } from './next-look.ts';

const now = new Date('2026-11-21T12:00:00Z');
const look = { attemptsMade: 1, isGone: false, retryAfter: null, now, random: () => 0.5 };
const delayS = (more: Partial<Parameters<typeof nextLookAt>[0]>) => {
  const at = nextLookAt({ ...look, ...more });
  return at === null ? null : (at.getTime() - now.getTime()) / 1_000;
};

describe('nextLookAt', () => {
  it('waits longer each time, and gives up after about a day', () => {
    const delays = Array.from({ length: 20 }, (_, index) => delayS({ attemptsMade: index + 1 }));
    expect(delays.slice(0, 4)).toEqual([5, 10, 20, 40]);
    const waited = delays.filter((delay) => delay !== null);
    expect(waited.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(18 * 3_600);
    expect(waited.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(26 * 3_600);
    expect(delays.slice(waited.length)).toEqual(Array(20 - waited.length).fill(null));
  });

  it('spreads the looks', () => {
    expect([delayS({ random: () => 0 }), delayS({ random: () => 0.999_99 })]).toEqual([4, expect.closeTo(6, 1)]);
  });

  it('asks only a few times for what the vendor does not know', () => {
    expect([1, 2, 3, 4, 5].map((attemptsMade) => delayS({ attemptsMade, isGone: true }))).toEqual([
      5,
      10,
      20,
      40,
      null,
    ]);
  });

  it.each([
    ['30', 30],
    ['2', 5],
    ['86400', 3_600],
    ['Sat, 21 Nov 2026 12:02:00 GMT', 120],
    ['soon', 5],
    ['-1', 5],
  ])('honours a Retry-After of %s within bounds', (retryAfter, expected) => {
    expect(delayS({ retryAfter })).toBe(expected);
  });
});
