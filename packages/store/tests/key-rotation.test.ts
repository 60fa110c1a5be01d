import { randomBytes } from 'node:crypto';
import { newId } from '@owngateway/domain';
import { connect } from '../src/connection/connect.ts';
import type { SealSurvey } from '../src/index.ts';
import { type Store, storeOn } from '../src/open-store.ts';
import { sealedCollections } from '../src/secrets/sealed-collections.ts';
import { type RawDocument, sealedTextsOf } from '../src/secrets/sealed-places.ts';
import { keyVersionOf } from '../src/secrets/secret-box.ts';
import { aConnectorAccount, aSubscription, CREDENTIAL, PASSWORD, SIGNING_SECRET } from './fixtures/records.ts';
import { OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();

const ONE = { version: 1, key: randomBytes(32) };
const TWO = { version: 2, key: randomBytes(32) };
const stores: Store[] = [];

/** The same database, as a process with these keys sees it. */
async function storeWith(...encryptionKeys: (typeof ONE)[]): Promise<Store> {
  const connection = await connect({ mongoUrl: context.url, appName: 'store-tests' });
  const store = await storeOn(connection, { encryptionKeys });
  stores.push(store);
  return store;
}

let before: Store;
let after: Store;

beforeAll(async () => {
  before = await storeWith(ONE);
  after = await storeWith(ONE, TWO);
});
beforeEach(async () => {
  for (const { name } of sealedCollections) await context.collection(name).deleteMany({});
});
afterAll(() => Promise.all(stores.map((store) => store.close())));

const now = new Date();

/** A record of each kind, with everything in it that is ever sealed. */
async function storeOneOfEach(store: Store): Promise<{ subscription: string; account: string; key: string }> {
  const secrets = [SIGNING_SECRET, `${SIGNING_SECRET}2`].map((value) => ({ value, created_at: now, expires_at: null }));
  const { _id: subscription } = await store.subscriptions.create(
    aSubscription({
      signing: { scheme: 'hmac-sha256', secrets },
      tls: { ca: 'clear-ca', client_certificate: null, client_key: 'clear-key' },
    }),
  );
  const { _id: account } = aConnectorAccount();
  await store.connectorAccounts.create(aConnectorAccount({ _id: account, name: account }));
  const key = newId('txn');
  await store.idempotency.begin({ key, requestHash: 'a', now });
  await store.idempotency.complete(key, { status: 201, body: { secret: SIGNING_SECRET } });
  return { subscription, account, key };
}

const resealed = ({ counts }: SealSurvey) => counts.reduce((sum, count) => sum + count.resealed, 0);
const unreadable = ({ counts }: SealSurvey) => counts.reduce((sum, count) => sum + count.unreadable, 0);

/** The versions of all keys that are in use, by what is really stored. */
async function versionsInUse(): Promise<number[]> {
  const versions = new Set<number>();
  for (const sealed of sealedCollections) {
    for (const document of await context.collection(sealed.name).find().toArray()) {
      for (const { value } of sealedTextsOf(sealed, document)) versions.add(keyVersionOf(value) ?? -1);
    }
  }
  return [...versions].sort();
}

/** Paths of everything below a value that looks sealed, places in lists left out. */
function sealedPathsIn(value: unknown, path: string): string[] {
  if (keyVersionOf(value) !== null) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => sealedPathsIn(item, `${path}[]`));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, child]) => sealedPathsIn(child, path === '' ? name : `${path}.${name}`));
}

describe('the list of what is sealed', () => {
  it('has every schema that has something to seal', () => {
    const withSeals = Object.values(context.connection.models).flatMap(({ schema }) => {
      let has = false;
      schema.eachPath((_path, { options }) => {
        has ||= 'sealed' in options;
      });
      return has ? [String(schema.get('collection'))] : [];
    });
    expect(sealedCollections.map(({ name }) => name).sort()).toEqual(withSeals.sort());
  });

  it('is exactly what is found sealed in the database', async () => {
    await storeOneOfEach(before);
    const found = new Set<string>();
    for (const { name } of await context.connection
      .getClient()
      .db(context.connection.name)
      .collections()
      .then((all) => all.map(({ collectionName }) => ({ name: collectionName })))) {
      for (const document of await context.collection(name).find().toArray()) {
        for (const path of sealedPathsIn(document, '')) found.add(`${name}: ${path}`);
      }
    }
    const declared = sealedCollections.flatMap(({ name, fields }) =>
      Object.entries(fields).flatMap(([field, below]) =>
        below.map((path) => `${name}: ${[field, ...(path === '' ? [] : [path])].join('.')}`),
      ),
    );
    expect([...found].sort()).toEqual(declared.sort());
  });
});

describe('sealing anew', () => {
  it('puts every sealed text under the current key, and the old key is not needed any more', async () => {
    const { subscription, account, key } = await storeOneOfEach(before);
    expect(await versionsInUse()).toEqual([1]);
    expect((await after.seals.survey({ everything: true })).counts).toMatchObject([
      { collection: 'subscriptions', documents: 1, byKey: { 1: 5 }, resealed: 0, unreadable: 0 },
      { collection: 'connector_accounts', byKey: { 1: 1 } },
      { collection: 'idempotency', byKey: { 1: 1 } },
    ]);
    const tooEarly = await storeWith(TWO);
    expect(await tooEarly.idempotency.begin({ key, requestHash: 'a', now })).toEqual({ kind: 'unreadable' });
    const survey = await after.seals.reseal();
    expect(resealed(survey)).toBe(7);
    expect(await versionsInUse()).toEqual([2]);

    const alone = await storeWith(TWO);
    expect(await alone.subscriptions.get(OPERATOR, subscription)).toMatchObject({
      authentication: { password: PASSWORD },
      tls: { client_key: 'clear-key' },
      signing: { secrets: [{ value: SIGNING_SECRET }, { value: `${SIGNING_SECRET}2` }] },
      version: 1,
    });
    expect(await alone.connectorAccounts.get(OPERATOR, account)).toMatchObject({
      credentials: [{ signing_secret: CREDENTIAL }],
    });
    expect(await alone.idempotency.begin({ key, requestHash: 'a', now })).toMatchObject({ kind: 'answered' });
  });

  it('does nothing the second time, and goes on where it was ended', async () => {
    for (let count = 0; count < 450; count++) {
      await before.connectorAccounts.create(aConnectorAccount({ name: `a${count}` }));
    }
    const ending = new AbortController();
    const first = after.seals.reseal({ signal: ending.signal, onBatch: () => ending.abort(new Error('ended')) });
    await expect(first).rejects.toThrow('ended');
    expect(await versionsInUse()).toEqual([1, 2]);
    const second = await after.seals.reseal();
    expect(resealed(second)).toBe(250);
    expect(resealed(await after.seals.reseal())).toBe(0);
  });

  it('leaves tombstones and what has no secrets alone', async () => {
    const { subscription } = await storeOneOfEach(before);
    await before.subscriptions.delete(OPERATOR, subscription);
    expect((await after.seals.reseal()).counts[0]).toMatchObject({ documents: 1, byKey: {}, unreadable: 0 });
  });

  it('names what no key opens, seals the rest anew and touches nothing that it cannot open', async () => {
    const { subscription, account } = await storeOneOfEach(before);
    const foreign = await storeWith({ version: 1, key: randomBytes(32) });
    const other = await foreign.connectorAccounts.create(aConnectorAccount({ name: 'foreign' }));
    const lost = await (await storeWith({ version: 7, key: randomBytes(32) })).connectorAccounts.create(
      aConnectorAccount({ name: 'lost' }),
    );
    await context.collection('subscriptions').updateOne({ _id: subscription }, { $set: { headers: 'plain' } });
    if (other === 'conflict' || lost === 'conflict') throw new Error('the names are free');

    const survey = await after.seals.reseal();
    expect(unreadable(survey)).toBe(3);
    expect(survey.unreadable).toEqual([
      { collection: 'subscriptions', id: subscription, path: 'headers', keyVersion: null, fault: 'altered' },
      { collection: 'connector_accounts', id: other._id, path: 'credentials', keyVersion: 1, fault: 'altered' },
      { collection: 'connector_accounts', id: lost._id, path: 'credentials', keyVersion: 7, fault: 'key_missing' },
    ]);
    expect(JSON.stringify(survey)).not.toMatch(/v1\.\d|plain/);
    expect(await foreign.connectorAccounts.get(OPERATOR, other._id)).toMatchObject({ credentials: other.credentials });
    expect(await after.connectorAccounts.get(OPERATOR, account)).toMatchObject({ credentials: expect.anything() });
    expect(await versionsInUse()).toEqual([-1, 1, 2, 7]);
  });

  it('never loses what others change meanwhile', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 30; count++) ids.push((await before.subscriptions.create(aSubscription()))._id);
    let isOver = false;
    let changes = 0;
    const last = new Map<string, string>();
    const rotate = async (store: Store) => {
      while (!isOver) {
        const id = ids[changes % ids.length] ?? '';
        const current = await store.subscriptions.get(OPERATOR, id);
        if (current === null) throw new Error('it is there');
        const secret = { value: `${SIGNING_SECRET}${changes++}`, created_at: now, expires_at: null };
        const { scheme, secrets } = current.signing;
        const signing = { scheme, secrets: [secret, ...secrets].slice(0, 5) };
        const updated = await store.subscriptions.update(OPERATOR, id, current.version, { signing });
        if (typeof updated !== 'string') last.set(id, secret.value);
      }
    };
    // A process with the new key, and one that was not rolled out yet and cannot seal with it.
    const rotating = [rotate(after), rotate(await storeWith(TWO, ONE))];
    while (changes < 20) await new Promise(setImmediate);
    for (let walk = 0; walk < 5; walk++) await after.seals.reseal();
    isOver = true;
    await Promise.all(rotating);
    await after.seals.reseal();
    expect(await versionsInUse()).toEqual([2]);
    expect(last.size).toBeGreaterThan(10);
    for (const id of ids) {
      const { signing, authentication } = (await after.subscriptions.get(OPERATOR, id)) ?? {};
      expect(authentication).toMatchObject({ password: PASSWORD });
      expect(signing?.secrets[0]?.value).toBe(last.get(id) ?? SIGNING_SECRET);
    }
  });
});

test('sealed texts are found wherever the schema says', () => {
  const sealed = { name: 'x', tenantField: 'owner', fields: { a: [''], b: ['c', 'd[].e'], f: [''] } };
  const document: RawDocument = {
    _id: '1',
    owner: 'o',
    a: 's1',
    b: { c: 's2', d: [{ e: 's3' }, { e: null }, { e: 's4' }] },
  };
  expect(sealedTextsOf(sealed, document).map(({ path, value }) => `${path}=${value}`)).toEqual([
    'a=s1',
    'b.c=s2',
    'b.d.0.e=s3',
    'b.d.2.e=s4',
  ]);
  expect(sealedTextsOf(sealed, document)[3]?.context).toEqual({ tenant: 'o', recordId: '1', field: 'b' });
});
