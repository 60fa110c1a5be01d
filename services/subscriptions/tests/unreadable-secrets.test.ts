import { randomBytes } from 'node:crypto';
import { newId } from '@owngateway/domain';
import { openStore, type Store } from '@owngateway/store';
import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
/** The same database as a process whose key this API does not have. */
let foreign: Store;

beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_1');
  const encryptionKeys = [{ version: 9, key: randomBytes(32) }];
  foreign = await openStore({ mongoUrl: api.settings.MONGO_URL, encryptionKeys, appName: 'tests' });
});
afterAll(async () => {
  await foreign.close();
  await api.stop();
});

const now = new Date();
const aSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** A subscription whose secrets this API cannot open, beside one that it can. */
async function twoSubscriptions() {
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
  const like = await api.store.subscriptions.get({ level: 'operator' }, String(body.id));
  if (like === null) throw new Error('it was just made');
  const { version: _version, changed_at: _changed, deleted_at: _deleted, ...record } = like;
  const { _id } = await foreign.subscriptions.create({
    ...record,
    _id: newId('sub'),
    authentication: { type: 'bearer', token: 'clear-token' },
    signing: { scheme: 'hmac-sha256', secrets: [{ value: aSecret(), created_at: now, expires_at: null }] },
  });
  return { well: String(body.id), broken: _id, path: `/v1/subscriptions/${_id}` };
}

describe('a subscription whose secrets no key opens', () => {
  it('is shown with what is wrong, and hides no other', async () => {
    const { well, broken, path } = await twoSubscriptions();
    const unreadable = ['authentication', 'headers', 'signing'];
    expect((await merchant.get(path)).body).toMatchObject({ id: broken, unreadable, authentication: { type: 'none' } });
    const { body } = await merchant.get('/v1/subscriptions');
    expect(body.data).toEqual([
      expect.objectContaining({ id: broken, unreadable }),
      expect.not.objectContaining({ unreadable }),
    ]);
    expect(JSON.stringify(body)).toContain(well);
    const secret = await merchant.get(`${path}/secret`);
    expect(secret.status).toBe(409);
    expect(secret.body).toMatchObject({ type: '/errors/secret-unreadable' });
    await merchant.delete(path);
    await merchant.delete(`/v1/subscriptions/${well}`);
  });

  it('can be changed, is mended by setting its secrets again, and can be deleted', async () => {
    const { broken, path } = await twoSubscriptions();
    expect((await merchant.patch(path, { description: 'still mine' })).body).toMatchObject({
      description: 'still mine',
      unreadable: ['authentication', 'headers', 'signing'],
    });
    // What was not touched is left as it is: the key may come back.
    expect(await foreign.subscriptions.get({ level: 'operator' }, broken)).toMatchObject({
      authentication: { token: 'clear-token' },
      description: 'still mine',
    });
    const rotated = await merchant.post(`${path}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect((await merchant.get(`${path}/secret`)).body).toMatchObject({ secret: rotated.body.secret });
    const mended = await merchant.patch(path, { authentication: { type: 'bearer', token: 'new-token' }, headers: {} });
    expect(mended.body).not.toHaveProperty('unreadable');
    expect((await merchant.delete((await twoSubscriptions()).path)).status).toBe(204);
  });
});

test('a connector account whose credentials no key opens is shown, and mended by giving them again', async () => {
  const { _id } = (await foreign.connectorAccounts.create({
    _id: newId('acct'),
    merchant_id: 'm_1',
    connector: 'stripe',
    name: 'stripe',
    credentials: [{ signing_secret: 'whsec_clear' }],
    settings: { tolerance_s: 300 },
    status: 'enabled',
    created_at: now,
    updated_at: now,
  })) as { _id: string };
  const path = `/v1/connector-accounts/${_id}`;
  const broken = { id: _id, credentials_count: 0, unreadable: ['credentials'] };
  expect((await merchant.get(path)).body).toMatchObject(broken);
  expect((await merchant.get('/v1/connector-accounts')).body.data).toMatchObject([broken]);
  expect((await merchant.patch(path, { status: 'disabled' })).body).toMatchObject({ ...broken, status: 'disabled' });
  const mended = await merchant.patch(path, { credentials: [{ signing_secret: 'whsec_newSecret1' }] });
  expect(mended.body).toMatchObject({ credentials_count: 1 });
  expect(mended.body).not.toHaveProperty('unreadable');
});
