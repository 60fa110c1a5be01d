import { backoffMs, RetryLater } from './retry-later.ts';

const half = () => 0.5;

describe('the backoff that BullMQ is told', () => {
  it('is what the document says, whatever BullMQ has counted', () => {
    expect(backoffMs(1, new RetryLater(30_000), half)).toBe(30_000);
    expect(backoffMs(900_000, new RetryLater(30_000.2), half)).toBe(30_001);
  });

  it('is never 0, which BullMQ takes for "to the end of the queue", nor negative, which it takes for "give up"', () => {
    expect(backoffMs(1, new RetryLater(0), half)).toBe(1);
    expect(backoffMs(1, new RetryLater(-5_000), half)).toBe(1);
  });

  it('after a fault doubles from half a second up to five, with jitter downwards only', () => {
    const nominal = [1, 2, 3, 4, 5, 100, 1_000_000].map((made) => backoffMs(made, new Error('away'), () => 1));
    expect(nominal).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(backoffMs(1, undefined, () => 0)).toBe(250);
  });

  it('carries no stack, which BullMQ would store', () => {
    expect(new RetryLater(1).stack).toBe('');
  });
});
