import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerHandle, startMongo } from '@owngateway/local-stack';
import { isStoreUnavailable, openStore, type Store } from '../src/index.ts';
import { anEvent } from './fixtures/records.ts';
import { FIRST_PAGE, KEYS, OPERATOR } from './fixtures/test-store.ts';

const DEADLINE_MS = 30_000;

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      expect(isStoreUnavailable(error)).toBe(true);
      if (Date.now() > deadline) throw error;
    }
  }
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a database server of its own', () => {
  let dataDir: string;
  let server: ServerHandle;
  let store: Store;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-away-'));
    const { MONGO_URL: _ours, ...env } = process.env;
    server = await startMongo({ dataDir, env });
    store = await openStore({ mongoUrl: server.url, encryptionKeys: KEYS, appName: 'store-away' });
    await store.ensureIndexes();
  }, 120_000);

  afterAll(async () => {
    await store?.close();
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }, DEADLINE_MS);

  it(
    'may be killed and come back: calls say that it is away, nothing acknowledged is lost, a group may be repeated',
    async () => {
      const kept = anEvent();
      await store.events.insertMany([kept]);
      const before = await store.subscriptions.changedSince(null);

      await server.kill9();
      const lost = anEvent();
      const failures = await Promise.all([
        failureOf(store.events.insertMany([lost])),
        failureOf(store.events.list(OPERATOR, {}, FIRST_PAGE)),
        failureOf(store.subscriptions.changedSince(null)),
        failureOf(store.ping()),
      ]);
      expect(failures.map(isStoreUnavailable)).toEqual([true, true, true, true]);

      await server.restart();
      expect(await eventually(() => store.events.insertMany([kept, lost]))).toEqual([
        { kind: 'inserted' },
        { kind: 'inserted' },
      ]);
      await eventually(() => store.ping());
      expect(await eventually(() => store.events.get(OPERATOR, kept._id))).toEqual(kept);
      expect(await eventually(() => store.subscriptions.changedSince(null))).toEqual(before);
    },
    2 * DEADLINE_MS,
  );

  it('has its indexes made by several processes at once, and made again when retention changes', async () => {
    const options = { mongoUrl: server.url, encryptionKeys: KEYS, appName: 'store-away' };
    const stores = await Promise.all(
      [7, 7].map((notificationDays) => openStore({ ...options, retention: { notificationDays } })),
    );
    await Promise.all(stores.map((one) => one.ensureIndexes()));
    await Promise.all(stores.map((one) => one.close()));
    await store.ensureIndexes();
  });
});

describe('opening a store', () => {
  it(
    'fails with a reason when nobody listens',
    async () => {
      const port = await new Promise<number>((resolve) => {
        const listener = createServer().listen(0, '127.0.0.1', () => {
          const address = listener.address();
          listener.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
        });
      });
      const mongoUrl = `mongodb://127.0.0.1:${port}/nobody?directConnection=true`;
      const failure = await failureOf(openStore({ mongoUrl, encryptionKeys: KEYS, appName: 'store-away' }));
      expect(isStoreUnavailable(failure)).toBe(true);
    },
    DEADLINE_MS,
  );
});
