import { countedOnRamp, isOver, mayGoOnRamp, nextTurnOnRamp, type Ramp, startRamp } from './ramp.ts';

const NOW = 1_793_534_400_000;

/** What goes out of an endless backlog, asked every millisecond: the second of each request. */
function secondsOfRequests(forS: number): number[] {
  let ramp = startRamp(NOW);
  const seconds: number[] = [];
  for (let ms = 0; ms < forS * 1_000; ms += 1) {
    if (!mayGoOnRamp(ramp, NOW + ms)) continue;
    ramp = countedOnRamp(ramp, NOW + ms);
    seconds.push(Math.floor(ms / 1_000));
  }
  return seconds;
}

describe('the ramp of an endpoint that has come back', () => {
  it('begins with five requests a second and doubles every five seconds', () => {
    const seconds = secondsOfRequests(16);
    const perSecond = (second: number) => seconds.filter((one) => one === second).length;
    expect(perSecond(0)).toBeLessThanOrEqual(7);
    expect([0, 5, 10, 15].map(perSecond).map((rate) => Math.round(rate / 5))).toEqual([1, 2, 4, 9]);
    // 108 by the curve, and the first two that it owes at once.
    expect(seconds.filter((second) => second < 10)).toHaveLength(110);
  });

  it('is over after 40 s', () => {
    const ramp = startRamp(NOW);
    expect(isOver(ramp, NOW + 39_999)).toBe(false);
    expect(isOver(ramp, NOW + 40_000)).toBe(true);
    expect(mayGoOnRamp(countedOnRamp(ramp, NOW + 40_000), NOW + 40_000)).toBe(true);
  });

  it('gives everything that waits a turn of its own, closer and closer, never before now', () => {
    let ramp: Ramp = countedOnRamp(startRamp(NOW), NOW);
    const turns: number[] = [];
    for (let n = 0; n < 10_000; n += 1) {
      const turn = nextTurnOnRamp(ramp, NOW);
      ramp = turn.ramp;
      turns.push(turn.atMs - NOW);
    }
    expect(turns.every((at, n) => at >= (turns[n - 1] ?? 0))).toBe(true);
    expect(turns[0]).toBeGreaterThanOrEqual(0);
    expect(turns.filter((at) => at <= 10_000).length).toBeGreaterThan(100);
    expect(turns.filter((at) => at <= 10_000).length).toBeLessThan(112);
    // The last of ten thousand comes soon after the ramp is over.
    expect(turns.at(-1)).toBeLessThan(42_000);
  });
});
