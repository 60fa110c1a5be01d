import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi({ SUPPORT_CONTACT: 'help@owngateway.example' });
  merchant = await api.merchant('m_err');
});
afterAll(() => api.stop());

const JSON_TYPE = { 'content-type': 'application/json' };

test('a problem is a problem document with a request id and a way to support (RFC 9457, 001.21)', async () => {
  const answer = await merchant.send('GET', '/v1/merchants/m_nobody?', { headers: { 'x-request-id': 'case-1' } });
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('x-request-id')).toBe('case-1');
  expect(answer.body).toEqual({
    type: '/errors/not-found',
    title: 'Not found',
    status: 404,
    detail: 'It does not exist, or it is not yours.',
    instance: '/v1/merchants/m_nobody',
    request_id: 'case-1',
    support: 'help@owngateway.example',
  });
});

test('400: malformed JSON', async () => {
  const { status, body } = await merchant.send('POST', '/v1/subscriptions', { body: '{"url": ', headers: JSON_TYPE });
  expect(status).toBe(400);
  expect(body.type).toBe('/errors/malformed-body');
});

test.each([
  ['/v1/subscriptions?colour=red', 'colour'],
  ['/v1/subscriptions?limit=0', 'limit'],
  ['/v1/subscriptions?limit=101', 'limit'],
  ['/v1/subscriptions?cursor=%24ne', 'cursor'],
  ['/v1/subscriptions?status=enabled&status=disabled', 'status'],
  ['/v1/subscriptions?status[$ne]=enabled', 'status[$ne]'],
  ['/v1/subscriptions?owner=operator:x', 'owner'],
  ['/v1/subscriptions?owner=merchant:m_1:x', 'owner'],
  ['/v1/events?type=payment_vanished', 'type'],
  ['/v1/events?since=yesterday', 'since'],
  ['/v1/events?since=2026-02-30T00:00:00Z', 'since'],
  ['/v1/events?since=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z', 'until'],
  ['/v1/deliveries?since=2026-11-01T00:00:00Z&until=2026-11-01T00:00:00Z', 'until'],
  ['/v1/notifications?since=2026-11-02T00:00:00Z&until=2026-11-02T00:00:00%2B01:00', 'until'],
  ['/v1/events?merchant_id[$gt]=', 'merchant_id[$gt]'],
  ['/v1/deliveries?status=lost', 'status'],
  ['/v1/deliveries?event_id=evt_1', 'event_id'],
  ['/v1/event-types?limit=1', 'limit'],
])('400: %s names its parameter', async (path, field) => {
  const { status, body } = await merchant.get(path);
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ field }]);
});

test('400: a cursor of another list', async () => {
  for (let count = 0; count < 2; count++) await merchant.post('/v1/subscriptions', aSubscriptionBody());
  const { body } = await merchant.get('/v1/subscriptions?limit=1');
  expect(body.next_cursor).not.toBeNull();
  const cursor = String(body.next_cursor);
  expect((await merchant.get(`/v1/subscriptions?cursor=${cursor}`)).status).toBe(200);
  for (const path of ['/v1/deliveries', '/v1/events', '/v1/audit', '/v1/merchants', '/v1/replays']) {
    const answer = await merchant.get(`${path}?cursor=${cursor}`);
    expect({ path, status: answer.status }).toEqual({ path, status: 400 });
    expect(answer.body.errors).toMatchObject([{ field: 'cursor' }]);
  }
});

test('422: the rule of an id that the caller chooses is named', async () => {
  const { status, body } = await api.operator.put('/v1/merchants/m%20x', { name: 'X' });
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ field: 'id', message: 'Has 1 to 64 letters, digits, _ or -.' }]);
  expect((await api.operator.get('/v1/merchants/m%20x')).status).toBe(404);
});

test.each([
  [{ retry_policy: 'exponential' }, 'retry_policy', /"three-retries", "exponential-24h" or \{"delays_s"/],
  [{ authentication: { type: 'digest' } }, 'authentication.type', /^Must be "none", "basic", "bearer" or "header"\.$/],
])('422: %j is told what is allowed', async (part, field, message) => {
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody(part));
  expect(body.errors).toMatchObject([{ field, message: expect.stringMatching(message) }]);
});

test('400: the rule of ids is named where one is broken', async () => {
  const { body } = await merchant.get('/v1/events?merchant_id=m%2F1');
  expect(body.errors).toMatchObject([{ field: 'merchant_id', message: 'Has 1 to 64 letters, digits, _ or -.' }]);
});

test('403: names the missing permission', async () => {
  const reader = api.as({ level: 'merchant', id: 'm_err' }, { scopes: ['subscriptions:read'] });
  const { status, body } = await reader.post('/v1/subscriptions', aSubscriptionBody());
  expect(status).toBe(403);
  expect(body.detail).toContain('subscriptions:write');
});

test.each(['/v1/subscriptions/sub_1', '/v1/subscriptions/%24ne', '/v1/nothing', '/v1/events/evt_xyz', '/'])(
  '404: %s',
  async (path) => {
    expect((await merchant.get(path)).status).toBe(404);
  },
);

test('405: names the methods that there are', async () => {
  const { status, headers } = await merchant.put('/v1/subscriptions', {});
  expect(status).toBe(405);
  expect(headers.get('allow')).toBe('POST, GET, HEAD');
});

test('413: a body that is too large', async () => {
  const { status } = await merchant.post('/v1/subscriptions', aSubscriptionBody({ description: 'x'.repeat(300_000) }));
  expect(status).toBe(413);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-7'])(
  '415: %s',
  async (type) => {
    const body = JSON.stringify(aSubscriptionBody());
    const { status } = await merchant.send('POST', '/v1/subscriptions', { body, headers: { 'content-type': type } });
    expect(status).toBe(415);
  },
);

test('422: operators of the database are no strings', async () => {
  const { status, body } = await merchant.post('/v1/subscriptions', aSubscriptionBody({ url: { $ne: null } }));
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ field: 'url' }]);
  const proto = '{"url":"http://127.0.0.1:9/","event_types":["*"],"headers":{"__proto__":{"x":"y"}}}';
  const answer = await merchant.send('POST', '/v1/subscriptions', { body: proto, headers: JSON_TYPE });
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([{ field: 'headers.__proto__' }]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('429: one token’s flood is told when to come back, and leaves others alone', async () => {
  const limited = await startApi({ RATE_LIMIT_PER_S: '3' });
  const [one, other] = [await limited.merchant('m_1'), await limited.merchant('m_2')];
  const answers = await Promise.all(Array.from({ length: 8 }, () => one.get('/v1/subscriptions')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answers[0]?.headers.get('ratelimit-policy')).toContain('q=3');
  expect((await other.get('/v1/subscriptions')).status).toBe(200);
  await limited.stop();
});

test('503: when the database is away, with Retry-After', async () => {
  const lonely = await startApi();
  const client = await lonely.merchant('m_1');
  // As good as away for whoever asks: the service's own connection is closed beneath it.
  await lonely.loseDatabase();
  const { status, headers } = await client.get('/v1/subscriptions');
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
  await lonely.stop();
});
