import { createSweeper, type Sweep } from './sweeper.ts';

function setUp(sweeps: Sweep[]) {
  const log: string[] = [];
  const leases = {
    has: true as boolean | Error,
    async acquire(name: string, holder: string, ttlMs: number) {
      log.push(`acquire ${name} ${holder} ${ttlMs}`);
      if (this.has instanceof Error) throw this.has;
      return this.has;
    },
    release: async (name: string, holder: string) => void log.push(`release ${name} ${holder}`),
  };
  const sweeper = createSweeper({
    leases,
    holder: 'me',
    sweeps,
    onRepaired: (sweep, count) => void log.push(`${sweep} repaired ${count}`),
    onFault: (sweep, error) => void log.push(`${sweep} failed: ${error instanceof Error ? error.message : ''}`),
  });
  return { sweeper, leases, log };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('the sweeper', () => {
  it('sweeps every five seconds under its lease, and tells what it repaired', async () => {
    const { sweeper, log } = setUp([
      { name: 'events', run: async () => 3 },
      { name: 'held', run: async () => 0 },
    ]);
    sweeper.start();
    await jest.advanceTimersByTimeAsync(4_999);
    expect(log).toEqual([]);
    await jest.advanceTimersByTimeAsync(5_001);
    const once = ['acquire sweeper me 20000', 'events repaired 3'];
    expect(log).toEqual([...once, ...once]);
    await sweeper.stop();
    expect(log.at(-1)).toBe('release sweeper me');
  });

  it('leaves the work to whoever has the lease, and takes over later', async () => {
    const { sweeper, leases, log } = setUp([{ name: 'events', run: async () => 1 }]);
    leases.has = false;
    sweeper.start();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(log).toEqual(['acquire sweeper me 20000']);
    leases.has = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(log.at(-1)).toBe('events repaired 1');
    await sweeper.stop();
  });

  it('goes on when one kind of repair fails, and when the store is away', async () => {
    const { sweeper, leases, log } = setUp([
      { name: 'events', run: () => Promise.reject(new Error('Redis is away')) },
      { name: 'held', run: async () => 2 },
    ]);
    leases.has = new Error('MongoDB is away');
    sweeper.start();
    await jest.advanceTimersByTimeAsync(5_000);
    leases.has = true;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(log.filter((line) => !line.startsWith('acquire'))).toEqual([
      'lease failed: MongoDB is away',
      'events failed: Redis is away',
      'held repaired 2',
    ]);
    await sweeper.stop();
  });

  it('stops after the repair at hand, begins no other, and leaves no timer', async () => {
    const first = Promise.withResolvers<number>();
    const second = jest.fn(async () => 1);
    const { sweeper, log } = setUp([
      { name: 'events', run: () => first.promise },
      { name: 'held', run: second },
    ]);
    sweeper.start();
    await jest.advanceTimersByTimeAsync(5_000);
    const stopped = sweeper.stop();
    first.resolve(1);
    await stopped;
    expect(second).not.toHaveBeenCalled();
    expect(log.at(-1)).toBe('release sweeper me');
  });
});
