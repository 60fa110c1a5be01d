import { counted, FRESH_RATE, mayGo, nextTurn, type SendRate } from './send-rate.ts';

const NOW_MS = 1_000_000;

/** Sends whatever may go, every millisecond, and says how many that were. */
function sent(perS: number, ms: number): number {
  let rate: SendRate = FRESH_RATE;
  let count = 0;
  for (let at = NOW_MS; at < NOW_MS + ms; at += 1) {
    while (mayGo(rate, perS, at)) {
      rate = counted(rate, perS, at);
      count += 1;
    }
  }
  return count;
}

describe('the rate limit of a subscription', () => {
  it.each([1, 5, 100])('lets %i per second go, and one second’s worth at once after a pause', (perS) => {
    expect(sent(perS, 1)).toBe(perS);
    expect(sent(perS, 10_000)).toBeGreaterThanOrEqual(perS * 10);
    expect(sent(perS, 10_000)).toBeLessThanOrEqual(perS * 11);
  });

  it('does not exist when it is not asked for', () => {
    expect(mayGo({ dueMs: NOW_MS * 2, turnMs: 0 }, null, NOW_MS)).toBe(true);
    expect(counted(FRESH_RATE, null, NOW_MS)).toBe(FRESH_RATE);
  });

  it('gives what waits turns of their own, at the rate', () => {
    let rate: SendRate = { dueMs: NOW_MS + 1_500, turnMs: 0 };
    const turns: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const next = nextTurn(rate, 4, NOW_MS);
      turns.push(next.atMs - NOW_MS);
      rate = next.rate;
    }
    expect(turns).toEqual([500, 750, 1_000]);
  });

  it('gives turns anew when nobody took those that were given out', () => {
    const last = (rate: SendRate, of: number) => {
      let next = nextTurn(rate, 4, NOW_MS);
      for (let n = 1; n < of; n += 1) next = nextTurn(next.rate, 4, NOW_MS);
      return next.rate;
    };
    const given = last({ dueMs: NOW_MS + 1_500, turnMs: 0 }, 40);
    const turnAfterABurst = (afterMs: number) => {
      let rate = given;
      const at = NOW_MS + afterMs;
      while (mayGo(rate, 4, at)) rate = counted(rate, 4, at);
      return nextTurn(rate, 4, at).atMs - at;
    };
    expect(given.turnMs - NOW_MS).toBe(10_250);
    expect(turnAfterABurst(3_000)).toBe(10_500 - 3_000);
    expect(turnAfterABurst(4_000)).toBe(250);
  });
});
