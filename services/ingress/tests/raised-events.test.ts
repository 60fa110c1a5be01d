import { createSecretKey } from 'node:crypto';
import { newId } from '@owngateway/domain';
import { mintToken, type Scope, type TokenOwner } from '@owngateway/service-kit';
import {
  JWT_SECRET,
  openTestStores,
  type RunningIngress,
  startIngress,
  type TestStores,
} from './support/start-ingress.ts';
import { eventsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;
let ingress: RunningIngress;

beforeAll(async () => {
  expect(createSecretKey(Buffer.from(JWT_SECRET)).symmetricKeySize).toBeGreaterThanOrEqual(32);
  stores = await openTestStores();
  ingress = await startIngress(stores);
  for (const [_id, portfolio_id] of [
    ['m_1', 'p_1'],
    ['m_2', null],
    ['m_3', null],
  ] as const) {
    await stores.store.merchants.put({ _id, name: _id, portfolio_id, reseller_id: null });
  }
});

afterAll(async () => {
  await ingress.stop();
  await stores.store.close();
});

const OPERATOR: TokenOwner = { level: 'operator', id: '*' };

function tokenOf(owner: TokenOwner = OPERATOR, scopes: Scope[] = ['events:write']): string {
  const settings = {
    issuer: 'tests',
    audience: 'owngateway',
    environment: 'sandbox',
    keys: { kind: 'secret', secret: JWT_SECRET },
  } as const;
  const request = { subject: 'test', owner, scopes, jti: newId('tok'), expiresInS: 600, now: new Date() };
  return mintToken(settings, request).token;
}

const raised = (merchantId: string, more: object = {}) => ({
  merchant_id: merchantId,
  type: 'subscription_status_changed',
  origin: 'system',
  object_type: 'subscription',
  object: { status: 'paused', connector_reference: 'sub_77' },
  ...more,
});

interface Answer {
  status: number;
  headers: Headers;
  body: { data?: { id: string; duplicate: boolean }[]; errors?: { field: string; code: string }[] };
}

async function raise(body: unknown, headers: Record<string, string> = {}, token = tokenOf()): Promise<Answer> {
  const response = await fetch(`${ingress.url}/v1/events`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

it('stores what the platform raises, as events like any other', async () => {
  const { status, body } = await raise(raised('m_1', { occurred_at: '2026-11-01T12:00:00+02:00' }));
  expect(status).toBe(202);
  const [event] = await eventsOf(stores.store, 'm_1');
  expect(body.data).toEqual([{ id: event?._id, duplicate: false }]);
  expect(event).toMatchObject({ connector: null, notification_id: null, origin: 'system', references: ['sub_77'] });
  expect(JSON.parse(event?.body ?? '')).toMatchObject({
    id: event?._id,
    type: 'subscription_status_changed',
    connector: null,
    merchant_id: 'm_1',
    occurred_at: '2026-11-01T10:00:00.000Z',
    data: { object: { status: 'paused' }, previous: null },
  });
});

it('takes up to a hundred at once, in order, each once', async () => {
  const events = Array.from({ length: 100 }, (_, index) => raised('m_2', { idempotency_key: `k${index % 50}` }));
  const first = await raise({ events });
  expect(first.status).toBe(202);
  expect(first.body.data?.map(({ duplicate }) => duplicate)).toEqual(events.map((_, index) => index >= 50));
  const second = await raise({ events });
  expect(second.body.data).toEqual(first.body.data?.map(({ id }) => ({ id, duplicate: true })));
  expect(await eventsOf(stores.store, 'm_2')).toHaveLength(50);
  expect((await raise({ events: [...events, raised('m_2')] })).status).toBe(422);
});

it('answers a repeated Idempotency-Key as the first time, and refuses it for another body', async () => {
  const headers = { 'idempotency-key': 'request-1' };
  const body = { events: [raised('m_3'), raised('m_3')] };
  const first = await raise(body, headers);
  const second = await raise(body, headers);
  expect(second.body).toEqual(first.body);
  expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
  expect((await raise({ events: [raised('m_3')] }, headers)).status).toBe(422);
  expect(await eventsOf(stores.store, 'm_3')).toHaveLength(2);
});

it('raises one event for fifty requests with one key at once', async () => {
  await stores.store.merchants.put({ _id: 'm_once', name: 'once', portfolio_id: null, reseller_id: null });
  const token = (index: number) => tokenOf({ level: 'operator', id: `o${index}` });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => raise(raised('m_once', { idempotency_key: 'same' }), {}, token(index))),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ body }) => body.data?.[0]?.id)).size).toBe(1);
  expect(await eventsOf(stores.store, 'm_once')).toHaveLength(1);
});

it('names every merchant that is unknown or not the caller’s, the same way', async () => {
  const { status, body } = await raise(
    { events: [raised('m_1'), raised('m_nobody'), raised('m_2')] },
    {},
    tokenOf({ level: 'portfolio', id: 'p_1' }),
  );
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    expect.objectContaining({ field: 'events[1].merchant_id', code: 'unknown_merchant' }),
    expect.objectContaining({ field: 'events[2].merchant_id', code: 'unknown_merchant' }),
  ]);
  const single = await raise(raised('m_1'), {}, tokenOf({ level: 'merchant', id: 'm_2' }));
  expect([single.status, single.body.errors?.[0]?.field]).toEqual([422, 'merchant_id']);
  expect((await raise(raised('m_1'), {}, tokenOf({ level: 'portfolio', id: 'p_1' }))).status).toBe(202);
  expect((await raise(raised('m_2'), {}, tokenOf({ level: 'merchant', id: 'm_2' }))).status).toBe(202);
});

it('names every field that is wrong', async () => {
  const { body } = await raise({
    events: [raised('m_1', { type: 'paid', surprise: 1 }), raised('m_1', { object: {} })],
  });
  expect(body.errors?.map(({ field }) => field).sort()).toEqual(
    ['events[0].surprise', 'events[0].type', 'events[1].object.status'].sort(),
  );
  const outer = await raise({ ...raised('m_1'), events: [] });
  expect(outer.status).toBe(422);
});

it('needs a token with events:write', async () => {
  expect((await raise(raised('m_1'), {}, 'no.token.atall')).status).toBe(401);
  expect((await raise(raised('m_1'), {}, tokenOf(OPERATOR, ['events:read']))).status).toBe(403);
  expect((await raise(raised('m_1'), { 'idempotency-key': 'with space' })).status).toBe(422);
  expect((await fetch(`${ingress.url}/v1/events`)).status).toBe(405);
});
