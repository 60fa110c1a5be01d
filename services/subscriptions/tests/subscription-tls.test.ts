import { createAuthority } from '@owngateway/outbound/testing';
import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

const authority = createAuthority('shop authority');
const client = authority.issue('gateway at shop');
const stranger = authority.issue('somebody else');
const expired = authority.issue('gateway at shop', { from: new Date('2020-01-01'), to: new Date('2020-02-01') });

const URL = 'https://127.0.0.1:40123/';
const MUTUAL = { ca: authority.cert, client_certificate: client.cert, client_key: client.key };
const SHOWN = {
  subject: 'CN=gateway at shop',
  fingerprint_sha256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  expires_at: expect.stringMatching(/Z$/),
};

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_tls');
});
afterAll(() => api.stop());

async function create(tls: unknown, url = URL) {
  return merchant.post('/v1/subscriptions', aSubscriptionBody({ url, tls }));
}

test('own authorities and a client certificate are taken and shown without the key', async () => {
  const { status, body } = await create(MUTUAL);
  expect(status).toBe(201);
  const tls = { ca: [{ ...SHOWN, subject: 'CN=shop authority' }], client_certificate: SHOWN };
  expect(body.tls).toEqual(tls);
  const read = await merchant.get(`/v1/subscriptions/${body.id}`);
  expect(read.body.tls).toEqual(tls);
  expect(JSON.stringify([body, read.body])).not.toMatch(/PRIVATE|client_key/);
  expect(api.logged()).not.toContain('BEGIN');
});

test('without it, nothing is shown', async () => {
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody({ url: URL }));
  expect(body.tls).toBeNull();
});

test.each<[string, object, [string, string][]]>([
  ['nothing in it', {}, [['tls', 'required']]],
  ['an authority that is none', { ca: 'PEM' }, [['tls.ca', 'invalid_certificate']]],
  ['a certificate without its key', { client_certificate: client.cert }, [['tls.client_key', 'required']]],
  ['another’s key', { ...MUTUAL, client_key: stranger.key }, [['tls.client_key', 'key_mismatch']]],
  [
    'a certificate that has expired',
    { client_certificate: expired.cert, client_key: expired.key },
    [['tls.client_certificate', 'certificate_expired']],
  ],
  ['a field that there is not', { ...MUTUAL, passphrase: 'x' }, [['tls', 'unrecognized_keys']]],
])('%s is refused by its field', async (_what, tls, faults) => {
  const { status, body } = await create(tls);
  expect(status).toBe(422);
  const errors = body.errors as unknown as { field: string; code: string }[];
  expect(errors.map(({ field }) => field)).toEqual(faults.map(([field]) => expect.stringContaining(field)));
  if (faults[0]?.[1] !== 'unrecognized_keys') {
    expect(errors.map(({ code }) => code)).toEqual(faults.map(([, code]) => code));
  }
  expect(JSON.stringify(body)).not.toMatch(/BEGIN|PRIVATE/);
});

test('it goes with https only, whichever of the two changes', async () => {
  const { status, body } = await create(MUTUAL, 'http://127.0.0.1:40123/');
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ field: 'tls', code: 'needs_https' }]);

  const made = await create(MUTUAL);
  const path = `/v1/subscriptions/${made.body.id}`;
  expect((await merchant.patch(path, { url: 'http://127.0.0.1:40123/' })).body.errors).toMatchObject([
    { field: 'tls', code: 'needs_https' },
  ]);
  expect((await merchant.patch(path, { url: 'http://127.0.0.1:40123/', tls: null })).status).toBe(200);
});

test('a change replaces it as a whole, null takes it away, other changes leave it alone', async () => {
  const { body } = await create(MUTUAL);
  const path = `/v1/subscriptions/${body.id}`;
  expect((await merchant.patch(path, { description: 'x' })).body.tls).toEqual(body.tls);
  const changed = await merchant.patch(path, { tls: { ca: authority.cert } });
  expect(changed.body.tls).toMatchObject({ client_certificate: null, ca: [{ subject: 'CN=shop authority' }] });
  expect((await merchant.patch(path, { tls: { ca: 'x' } })).status).toBe(422);
  expect((await merchant.patch(path, { tls: null })).body.tls).toBeNull();
});
