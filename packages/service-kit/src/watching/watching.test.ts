import { createLogger, createMetrics, watchClock, watchSeals } from '../index.ts';

function setUp() {
  const lines: string[] = [];
  const stops: (() => unknown)[] = [];
  const metrics = createMetrics({ service: 'test', defaults: false });
  return {
    lines,
    metrics,
    logger: createLogger({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }),
    onStop: (_name: string, stop: () => unknown) => void stops.push(stop),
    stop: async () => {
      for (const end of stops) await end();
    },
    value: async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value,
  };
}

const record = { collection: 'subscriptions', id: 'sub_1', path: 'headers', keyVersion: 1, fault: 'key_missing' };

describe('watchSeals', () => {
  it('tells what no key opens, and how much is under old keys', async () => {
    const parts = setUp();
    watchSeals({
      ...parts,
      survey: async () => ({
        currentVersion: 2,
        counts: [{ byKey: { 1: 3, 2: 5 }, unreadable: 1 }],
        unreadable: [record],
      }),
    });
    await parts.stop();
    expect(await parts.value('sealed_values_unreadable')).toBe(1);
    expect(await parts.value('sealed_values_under_old_keys')).toBe(3);
    expect(JSON.parse(parts.lines[0] ?? '')).toMatchObject({
      level: 'error',
      unreadable: 1,
      keyVersions: [1],
      records: ['subscriptions sub_1 headers'],
    });
  });

  it('says nothing when all is well, and ends its look when the service stops', async () => {
    const parts = setUp();
    const survey = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    watchSeals({ ...parts, survey });
    await parts.stop();
    const well = setUp();
    watchSeals({ ...well, survey: async () => ({ currentVersion: 1, counts: [], unreadable: [] }) });
    await well.stop();
    expect([...parts.lines, ...well.lines]).toEqual([]);
  });

  it('survives a store that is away', async () => {
    const parts = setUp();
    watchSeals({ ...parts, survey: () => Promise.reject(new Error('away')) });
    await new Promise(setImmediate);
    await parts.stop();
    expect(parts.lines.join()).toContain('broken off');
  });
});

describe('watchClock', () => {
  it.each([
    [-240_000, true],
    [360_000, true],
    [1_000, false],
  ])('an offset of %d ms is logged: %s', async (offsetMs, isLogged) => {
    const parts = setUp();
    watchClock({ ...parts, databaseNow: () => new Date(Date.now() - offsetMs) });
    expect(await parts.value('clock_offset_seconds')).toBeCloseTo(offsetMs / 1000, 0);
    expect(parts.lines.some((line) => line.includes('disagree'))).toBe(isLogged);
    await parts.stop();
  });
});
