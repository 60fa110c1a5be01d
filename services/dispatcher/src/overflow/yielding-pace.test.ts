import { createCompany, createYieldingPace, PaceEndedError } from './yielding-pace.ts';

describe('the company in the first lane', () => {
  function setUp() {
    const clock = { ms: 0 };
    return { clock, company: createCompany(() => clock.ms) };
  }

  it('is nobody at first, and never oneself', () => {
    const { company } = setUp();
    expect(company.hasOthersThan('m_1')).toBe(false);
    company.saw('m_1');
    expect(company.hasOthersThan('m_1')).toBe(false);
    expect(company.hasOthersThan('m_2')).toBe(true);
  });

  it('is remembered for a second, also behind a flood of one merchant', () => {
    const { clock, company } = setUp();
    company.saw('m_2');
    for (clock.ms = 1; clock.ms < 1_000; clock.ms += 1) {
      company.saw('m_1');
      expect(company.hasOthersThan('m_1')).toBe(true);
    }
    company.saw('m_1');
    expect(company.hasOthersThan('m_1')).toBe(false);
    expect(company.hasOthersThan('m_2')).toBe(true);
  });
});

describe('a yielding pace', () => {
  function setUp({ others }: { others: boolean }) {
    const clock = { ms: 0 };
    const about = { others };
    const pace = createYieldingPace({
      perSecond: 100,
      company: { hasOthersThan: () => about.others },
      monotonicMs: () => clock.ms,
    });
    return { clock, about, pace };
  }

  it('holds nothing back while nobody else is about', async () => {
    const { pace } = setUp({ others: false });
    for (let n = 0; n < 1_000; n += 1) await pace.turn('m_1', 25);
  });

  it('spaces the work while somebody is', async () => {
    const pace = createYieldingPace({
      perSecond: 100,
      company: { hasOthersThan: () => true },
      monotonicMs: () => performance.now(),
    });
    const startedMs = performance.now();
    const atMs = await Promise.all([0, 1, 2].map(() => pace.turn('m_1', 5).then(() => performance.now() - startedMs)));
    expect(atMs.map((ms, n) => ms >= n * 50 - 22)).toEqual([true, true, true]);
    pace.end();
  });

  it('lets everything go that waits once the others have gone', async () => {
    const { about, pace } = setUp({ others: true });
    await pace.turn('m_1', 1_000_000);
    const waiting = [pace.turn('m_1', 1_000_000), pace.turn('m_1', 1)];
    about.others = false;
    await Promise.all(waiting);
  });

  it('gives back what waits when the process stops, and lets nothing new begin', async () => {
    const { pace } = setUp({ others: true });
    await pace.turn('m_1', 1_000_000);
    const waiting = pace.turn('m_1', 1);
    pace.end();
    await expect(waiting).rejects.toThrow(PaceEndedError);
    await expect(pace.turn('m_1', 1)).rejects.toThrow(PaceEndedError);
  });
});
