import { createRateLimiter, rateLimitHeaders } from '../index.ts';

describe('createRateLimiter', () => {
  function limiterAt(options: { perSecond: number; maxKeys?: number }) {
    const clock = { ms: 0 };
    return { clock, limiter: createRateLimiter({ ...options, now: () => clock.ms }) };
  }

  it('admits one second of requests at once, then refills evenly', () => {
    const { clock, limiter } = limiterAt({ perSecond: 50 });
    const verdicts = Array.from({ length: 51 }, () => limiter.take('a'));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(50);
    expect(verdicts.at(-1)).toEqual({ allowed: false, limit: 50, remaining: 0, resetS: 1, retryAfterS: 1 });
    clock.ms += 19;
    expect(limiter.take('a').allowed).toBe(false);
    clock.ms += 1;
    expect(limiter.take('a').allowed).toBe(true);
    expect(limiter.take('a').allowed).toBe(false);
  });

  it('never saves up more than its burst', () => {
    const { clock, limiter } = limiterAt({ perSecond: 2 });
    limiter.take('a');
    clock.ms += 3_600_000;
    expect([1, 2, 3].map(() => limiter.take('a').allowed)).toEqual([true, true, false]);
  });

  it('counts every key by itself', () => {
    const { limiter } = limiterAt({ perSecond: 1 });
    expect(['a', 'b', 'a'].map((key) => limiter.take(key).allowed)).toEqual([true, true, false]);
  });

  it('forgets the longest unused key first when there are too many', () => {
    const { limiter } = limiterAt({ perSecond: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) limiter.take(key);
    expect(limiter.take('a').allowed).toBe(false);
    expect(limiter.take('b').allowed).toBe(true);
  });

  it('tells what is left in the RateLimit headers', () => {
    const { limiter } = limiterAt({ perSecond: 50 });
    expect(rateLimitHeaders(limiter.take('a'))).toEqual({
      RateLimit: '"token";r=49;t=1',
      'RateLimit-Policy': '"token";q=50;w=1',
    });
  });
});
