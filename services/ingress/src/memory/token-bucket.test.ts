import { TokenBucket } from './token-bucket.ts';

describe('TokenBucket', () => {
  it('gives its burst at once, then what is refilled', () => {
    let nowMs = 0;
    const bucket = new TokenBucket({ capacity: 3, refillPerS: 10 }, () => nowMs);
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
    nowMs = 100;
    expect([bucket.take(), bucket.take()]).toEqual([true, false]);
    nowMs = 1_000_000;
    expect(Array.from({ length: 5 }, () => bucket.take())).toEqual([true, true, true, false, false]);
  });
});
