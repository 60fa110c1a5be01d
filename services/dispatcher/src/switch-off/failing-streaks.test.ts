import { aRecipient, NOW_MS } from '../../tests/support/fakes.ts';
import type { Recipient } from '../directory/recipient.ts';
import { createFailingStreaks } from './failing-streaks.ts';
import type { SwitchOffCause } from './switch-off.ts';

/** A subscription as the store has it, and a directory that sees it when it looks. */
function setUp(first: Partial<Recipient> = {}) {
  const calls: unknown[] = [];
  const troubles: string[] = [];
  const stored = { version: 1, failingSince: null as Date | null };
  const world = { nowMs: NOW_MS, known: aRecipient(first), fault: null as Error | null };
  async function write(call: string, failingSince: Date | null): Promise<boolean> {
    calls.push(call);
    await Promise.resolve();
    if (world.fault !== null) throw world.fault;
    if ((stored.failingSince === null) === (failingSince === null)) return false;
    stored.version += 1;
    stored.failingSince = failingSince;
    return true;
  }
  const streaks = createFailingStreaks({
    subscriptions: { noteFailing: (_id, since) => write('failing', since), noteWell: () => write('well', null) },
    directory: { find: () => world.known },
    switchOff: async (_recipient, cause: SwitchOffCause) => void calls.push(cause),
    now: () => new Date(world.nowMs),
    onTrouble: (what) => void troubles.push(what),
  });
  return {
    streaks,
    calls,
    troubles,
    stored,
    world,
    ended: (delivered: boolean) => streaks.ended(world.known, delivered),
    look: () => {
      world.known = { ...world.known, ...stored };
    },
  };
}

describe('a streak of failures', () => {
  it('costs an endpoint that is well nothing', async () => {
    const { streaks, ended, calls } = setUp();
    for (let attempts = 0; attempts < 100; attempts++) ended(true);
    await streaks.drain();
    expect(calls).toEqual([]);
  });

  it('is written down at its first failure and at the success that ends it, whether or not the directory has looked', async () => {
    const { streaks, ended, look, calls, stored, world } = setUp();
    for (let attempts = 0; attempts < 5; attempts++) ended(false);
    await streaks.drain();
    for (let attempts = 0; attempts < 5; attempts++) ended(false);
    expect(stored.failingSince).toEqual(new Date(NOW_MS));
    look();
    world.nowMs += 60_000;
    ended(false);
    await streaks.drain();
    for (let attempts = 0; attempts < 5; attempts++) ended(true);
    await streaks.drain();
    for (let attempts = 0; attempts < 5; attempts++) ended(true);
    await streaks.drain();
    expect(calls).toEqual(['failing', 'well']);
    expect(stored.failingSince).toBeNull();
  });

  it('is ended by a success that came while it was being written down', async () => {
    const { streaks, ended, calls, stored } = setUp();
    ended(false);
    ended(true);
    await streaks.drain();
    expect(calls).toEqual(['failing', 'well']);
    expect(stored.failingSince).toBeNull();
  });

  it('is written down at most every ten seconds, however often failures and successes take turns', async () => {
    const { streaks, ended, look, calls, world } = setUp();
    for (let attempts = 0; attempts < 200; attempts++) {
      ended(attempts % 2 === 0);
      await streaks.drain();
      if (attempts % 3 === 0) look();
      world.nowMs += 100;
    }
    expect(calls).toEqual(['failing', 'well', 'failing', 'well']);
  });

  it('that lasts as long as its auto_disable says switches the subscription off', async () => {
    const since = new Date(NOW_MS - 60_000);
    const { streaks, ended, calls, world } = setUp({ failingSince: since, autoDisableAfterS: 60 });
    world.nowMs -= 1;
    ended(false);
    expect(calls).toEqual([]);
    world.nowMs += 1;
    ended(false);
    ended(false);
    await streaks.drain();
    expect(calls).toEqual([{ kind: 'failing', since, afterFailingForS: 60 }]);
  });

  it('that lasts for ever changes nothing where there is no auto_disable', async () => {
    const { streaks, ended, calls } = setUp({ failingSince: new Date(0), autoDisableAfterS: null });
    ended(false);
    await streaks.drain();
    expect(calls).toEqual([]);
  });

  it('is not begun by what went to another address, or was under way when it was enabled or disabled', async () => {
    const { streaks, calls, world } = setUp();
    streaks.ended(aRecipient({ endpointKey: '0 https://shop.example/before' }), false);
    world.known = aRecipient({ enabled: false });
    streaks.ended(world.known, false);
    await streaks.drain();
    expect(calls).toEqual([]);
  });

  it('that cannot be written down is at the next failure', async () => {
    const { streaks, ended, calls, troubles, world } = setUp();
    world.fault = new Error('MongoDB is away');
    ended(false);
    await streaks.drain();
    expect(troubles).toEqual(['failing_since']);
    world.fault = null;
    world.nowMs += 10_000;
    ended(false);
    await streaks.drain();
    expect(calls).toEqual(['failing', 'failing']);
  });
});
