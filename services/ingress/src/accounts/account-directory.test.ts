import type { ConnectorAccountRecord } from '@owngateway/store';
import { createAccountDirectory } from './account-directory.ts';

const path = { merchantId: 'm_1', name: 'stripe' };

function account(version = 1): ConnectorAccountRecord {
  return { _id: 'acct_1', merchant_id: 'm_1', name: 'stripe', version } as ConnectorAccountRecord;
}

/** A store whose readings end when the test says so. */
function createStore() {
  const pending: ((account: ConnectorAccountRecord | null) => void)[] = [];
  const failing: ((fault: Error) => void)[] = [];
  return {
    pending,
    failing,
    findByPath: () =>
      new Promise<ConnectorAccountRecord | null>((resolve, reject) => {
        pending.push(resolve);
        failing.push(reject);
      }),
  };
}

function setUp() {
  const store = createStore();
  const time = { ms: 1_000 };
  return { store, time, directory: createAccountDirectory(store, () => time.ms) };
}

async function known(parts: ReturnType<typeof setUp>, record: ConnectorAccountRecord | null): Promise<void> {
  const reading = parts.directory.readAgain(path);
  await new Promise(setImmediate);
  parts.store.pending.at(-1)?.(record);
  await reading;
}

describe('known', () => {
  it('is what was read less than 30 s ago, without a query', async () => {
    const parts = setUp();
    expect(parts.directory.known(path)).toBeUndefined();
    await known(parts, account());
    expect(parts.directory.known(path)).toEqual(account());
    expect(parts.store.pending).toHaveLength(1);
  });

  it('is refreshed in the background once while it is used, and forgotten after 30 s', async () => {
    const parts = setUp();
    await known(parts, account());
    parts.time.ms += 16_000;
    expect(parts.directory.known(path)?.version).toBe(1);
    expect(parts.directory.known(path)?.version).toBe(1);
    expect(parts.store.pending).toHaveLength(2);
    parts.store.pending[1]?.(account(2));
    await new Promise(setImmediate);
    expect(parts.directory.known(path)?.version).toBe(2);
    parts.time.ms += 31_000;
    expect(parts.directory.known(path)).toBeUndefined();
  });

  it('survives a refresh that fails', async () => {
    const parts = setUp();
    await known(parts, account());
    parts.time.ms += 16_000;
    parts.directory.known(path);
    parts.store.failing[1]?.(new Error('away'));
    await new Promise(setImmediate);
    expect(parts.directory.known(path)?.version).toBe(1);
  });

  it('forgets an account that is gone', async () => {
    const parts = setUp();
    await known(parts, account());
    await known(parts, null);
    expect(parts.directory.known(path)).toBeUndefined();
  });
});

describe('readAgain', () => {
  it('never answers with a reading that began before it was asked', async () => {
    const { store, directory } = setUp();
    const first = directory.readAgain(path);
    await new Promise(setImmediate);
    expect(store.pending).toHaveLength(1);
    const second = directory.readAgain(path);
    const third = directory.readAgain(path);
    await new Promise(setImmediate);
    store.pending[0]?.(null);
    expect(await first).toEqual({ kind: 'read', account: null });
    await new Promise(setImmediate);
    // The two that asked meanwhile share the next one.
    expect(store.pending).toHaveLength(2);
    store.pending[1]?.(account());
    expect(await second).toEqual({ kind: 'read', account: account() });
    expect(await third).toEqual({ kind: 'read', account: account() });
  });

  it('reads for the next one also when the reading before failed', async () => {
    const { store, directory } = setUp();
    const first = directory.readAgain(path);
    await new Promise(setImmediate);
    const second = directory.readAgain(path);
    store.failing[0]?.(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await new Promise(setImmediate);
    store.pending[1]?.(account());
    expect(await second).toEqual({ kind: 'read', account: account() });
  });

  it('asks nothing for a path that no account can have', async () => {
    const { store, directory } = setUp();
    const impossible = { merchantId: '../m', name: 'x'.repeat(65) };
    expect(await directory.readAgain(impossible)).toEqual({ kind: 'read', account: null });
    expect(store.pending).toHaveLength(0);
  });

  it('bounds what strangers can make of the store, lets some wait, and refuses none of the others', async () => {
    const { store, directory } = setUp();
    const readings = Array.from({ length: 5_000 }, (_, index) =>
      directory.readAgain({ merchantId: `m_${index}`, name: 'stripe' }),
    );
    await new Promise(setImmediate);
    expect(store.pending).toHaveLength(1_000);
    const turnedAway = await Promise.all(readings.slice(1_500));
    expect(new Set(turnedAway.map(({ kind }) => kind))).toEqual(new Set(['not_read']));
    expect(await directory.turn()).toBe(false);
  });

  it('gives one path that is asked for by many one place in the line', async () => {
    const { store, directory } = setUp();
    for (let index = 0; index < 1_000; index++) {
      directory.readAgain({ merchantId: `m_${index}`, name: 'x' }).catch(() => undefined);
    }
    const crowd = Array.from({ length: 10_000 }, () => directory.readAgain(path));
    const another = directory.readAgain({ merchantId: 'm_2', name: 'stripe' });
    await new Promise(setImmediate);
    expect(store.pending).toHaveLength(1_000);
    crowd.push(another);
    const settled = await Promise.race([
      Promise.race(crowd),
      new Promise((resolve) => setImmediate(resolve, 'all wait')),
    ]);
    expect(settled).toBe('all wait');
  });
});

describe('revive', () => {
  it('reads an account that was merely not used for a while whatever strangers do', async () => {
    const parts = setUp();
    await known(parts, account());
    parts.time.ms += 30_001;
    for (let index = 0; index < 2_000; index++) {
      parts.directory.readAgain({ merchantId: `n_${index}`, name: 'x' }).catch(() => undefined);
    }
    await new Promise(setImmediate);
    const reading = parts.directory.revive(path);
    parts.store.pending.at(-1)?.(account(2));
    expect(await reading).toEqual(account(2));
    expect(parts.directory.known(path)).toEqual(account(2));
  });

  it('reads nothing for a path that is not known', () => {
    const { store, directory } = setUp();
    expect(directory.revive(path)).toBeNull();
    expect(store.pending).toEqual([]);
  });
});
