import { MerchantShares } from './merchant-shares.ts';

describe('the shares of merchants', () => {
  function setUp() {
    const clock = { ms: 0 };
    return { clock, shares: new MerchantShares({ perSecond: 10, burst: 3 }, () => clock.ms) };
  }

  it('let a burst through, count what exceeds it, and keep merchants apart', () => {
    const { shares } = setUp();
    expect([1, 2, 3, 4, 5, 6].map(() => shares.take('m_1'))).toEqual([null, null, null, 0, 1, 2]);
    expect(shares.take('m_2')).toBeNull();
  });

  it('fill again with time, and what exceeded them wears off', () => {
    const { clock, shares } = setUp();
    for (let n = 0; n < 23; n += 1) shares.take('m_1');
    clock.ms = 1_000;
    expect([1, 2, 3, 4].map(() => shares.take('m_1'))).toEqual([null, null, null, 10]);
    clock.ms = 60_000;
    expect([1, 2, 3, 4].map(() => shares.take('m_1'))).toEqual([null, null, null, 0]);
  });

  it('take no more memory for a million merchants than for ten thousand', () => {
    const { shares } = setUp();
    for (let n = 0; n < 4; n += 1) shares.take('m_first');
    for (let n = 0; n < 20_000; n += 1) shares.take(`m_${n}`);
    expect(shares.take('m_first')).toBeNull();
  });
});
