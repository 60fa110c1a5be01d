import { newId } from '@owngateway/domain';
import type { ReplayRecord } from '@owngateway/store';
import type { ApiClient, Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
let merchantId: string;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  merchantId = `m_${newId('evt').slice(-12)}`;
  merchant = await api.merchant(merchantId);
});

const OPERATOR = { level: 'operator' } as const;
const SINCE = '2026-11-01T00:00:00Z';
const storedAs = async (body: Json) => (await api.store.replays.get(OPERATOR, String(body.id))) as ReplayRecord;
const subscribe = async (client: ApiClient) =>
  String((await client.post('/v1/subscriptions', aSubscriptionBody())).body.id);

describe('POST /v1/replays', () => {
  test('needs only `since`: dead letters, at 50 a second', async () => {
    const { status, body } = await merchant.post('/v1/replays', { since: SINCE });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^rpl_[0-9a-f]{32}$/),
      owner: `merchant:${merchantId}`,
      state: 'running',
      status: ['failed'],
      subscription_id: null,
      types: null,
      merchant_id: null,
      since: '2026-11-01T00:00:00.000Z',
      until: null,
      rate_per_s: 50,
      matched: 0,
      replayed: 0,
      failed: 0,
      skipped: 0,
      failures: { payload_gone: 0, subscription_deleted: 0 },
      created_at: expect.any(String),
      completed_at: null,
    });
    const { selection, created_at, next_step_at, owner } = await storedAs(body);
    // What comes to be from now on is not its business; and it is due at once.
    expect([selection.snapshot_at, next_step_at]).toEqual([created_at, created_at]);
    expect(owner).toEqual({ level: 'merchant', id: merchantId });
    expect((await merchant.get(`/v1/replays/${body.id}`)).body).toEqual(body);
    expect((await merchant.get('/v1/replays')).body).toEqual({ data: [body], next_cursor: null });
  });

  test('takes every filter, types in any spelling', async () => {
    const subscription_id = await subscribe(merchant);
    const order = {
      since: SINCE,
      until: '2026-11-02T00:00:00+01:00',
      status: ['failed', 'cancelled'],
      types: ['refund.completed', 'payment_failed'],
      subscription_id,
      merchant_id: merchantId,
      rate_per_s: 500,
    };
    const { status, body } = await merchant.post('/v1/replays', order);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      ...order,
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-11-01T23:00:00.000Z',
      types: ['refund_succeeded', 'payment_failed'],
    });
  });

  test.each<[object, string[]]>([
    [{}, ['since']],
    [{ since: 'yesterday' }, ['since']],
    [{ since: SINCE, until: SINCE }, ['until']],
    [{ since: SINCE, until: '2026-10-01T00:00:00Z' }, ['until']],
    [{ since: SINCE, status: [] }, ['status']],
    [{ since: SINCE, status: ['failed', 'failed'] }, ['status']],
    [{ since: SINCE, status: ['lost'] }, ['status[0]']],
    [{ since: SINCE, status: 'failed' }, ['status']],
    [{ since: SINCE, types: ['payment_vanished'] }, ['types[0]']],
    [{ since: SINCE, types: [] }, ['types']],
    [{ since: SINCE, rate_per_s: 0 }, ['rate_per_s']],
    [{ since: SINCE, rate_per_s: 501 }, ['rate_per_s']],
    [{ since: SINCE, rate_per_s: 1.5 }, ['rate_per_s']],
    [{ since: SINCE, subscription_id: 'sub_1' }, ['subscription_id']],
    [{ since: SINCE, merchant_id: '../x' }, ['merchant_id']],
    [{ since: SINCE, colour: 'red' }, ['colour']],
    [{ since: SINCE, status: { $ne: 'x' } }, ['status']],
    [{ until: 1, status: ['lost'], rate_per_s: -1 }, ['since', 'until', 'status[0]', 'rate_per_s']],
    [
      { since: SINCE, until: SINCE, subscription_id: newId('sub'), merchant_id: 'm_nobody' },
      ['until', 'subscription_id', 'merchant_id'],
    ],
  ])('422: %j names every bad field', async (order, fields) => {
    const { status, body } = await merchant.post('/v1/replays', order);
    expect(status).toBe(422);
    const named = (body.errors as unknown as { field: string }[]).map(({ field }) => field);
    expect(named.sort()).toEqual(fields.sort());
  });

  test('names neither a subscription nor a merchant of others, as if they were not there (rule 12)', async () => {
    const other = await api.merchant(`${merchantId}_other`);
    for (const narrowed of [{ subscription_id: await subscribe(other) }, { merchant_id: `${merchantId}_other` }]) {
      const { status, body } = await merchant.post('/v1/replays', { since: SINCE, ...narrowed });
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ field: Object.keys(narrowed)[0] }]);
    }
  });

  test('a portfolio names the merchants below it, and sees their replays', async () => {
    const below = await api.merchant(`${merchantId}_below`, { portfolio_id: `p_${merchantId}` });
    const portfolio = api.as({ level: 'portfolio', id: `p_${merchantId}` });
    const { status, body } = await portfolio.post('/v1/replays', { since: SINCE, merchant_id: `${merchantId}_below` });
    expect(status).toBe(202);
    expect((await below.get(`/v1/replays/${body.id}`)).status).toBe(404);
    const { body: own } = await below.post('/v1/replays', { since: SINCE });
    expect((await portfolio.get(`/v1/replays/${own.id}`)).body).toEqual(own);
  });

  test('with an Idempotency-Key begins one replay, however often it is sent', async () => {
    const key = { 'idempotency-key': 'again' };
    const { body: first } = await merchant.post('/v1/replays', { since: SINCE }, key);
    const second = await merchant.post('/v1/replays', { since: SINCE }, key);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.body).toEqual(first);
    expect((await merchant.get('/v1/replays')).body.data).toHaveLength(1);
  });

  test('is written down, and bounded to ten at a time', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 10; count++) {
      ids.push(String((await merchant.post('/v1/replays', { since: SINCE, rate_per_s: 1 })).body.id));
    }
    const refused = await merchant.post('/v1/replays', { since: SINCE });
    expect(refused.status).toBe(409);
    expect(refused.body.type).toBe('/errors/too-many-replays');
    await merchant.delete(`/v1/replays/${ids[0]}`);
    expect((await merchant.post('/v1/replays', { since: SINCE })).status).toBe(202);
    const { body: trail } = await merchant.get(`/v1/audit?resource_id=${ids[0]}`);
    expect(trail.data).toMatchObject([
      { action: 'replay.cancel', owner: `merchant:${merchantId}` },
      { action: 'replay.create', fields: ['since', 'status', 'rate_per_s'] },
    ]);
  });

  test('of an operator who acts for a merchant is in the merchant’s trail', async () => {
    const { body } = await api.operator.post('/v1/replays', { since: SINCE, merchant_id: merchantId });
    expect(body.owner).toBe('operator');
    const { body: trail } = await merchant.get(`/v1/audit?resource_id=${body.id}`);
    expect(trail.data).toMatchObject([{ action: 'replay.create', actor: { subject: 'olivia' } }]);
    await api.operator.delete(`/v1/replays/${body.id}`);
  });
});

describe('DELETE /v1/replays/{id}', () => {
  test('cancels what runs, and says the same when asked again', async () => {
    const { body: replay } = await merchant.post('/v1/replays', { since: SINCE });
    const { status, body } = await merchant.delete(`/v1/replays/${replay.id}`);
    expect(status).toBe(200);
    expect(body).toEqual({ ...replay, state: 'cancelled', completed_at: expect.any(String) });
    expect((await merchant.delete(`/v1/replays/${replay.id}`)).body).toEqual(body);
  });

  test('answers 409 when it is done', async () => {
    const { body } = await merchant.post('/v1/replays', { since: SINCE });
    const at = new Date();
    const end = { next: null, counts: { replayed: 0, failed: 0, skipped: 0 }, failures: {}, nextStepAt: at, now: at };
    // Those of the other tests may be due before it.
    for (let step: ReplayRecord | null; ; ) {
      step = await api.store.replays.takeStep({ token: 't', now: new Date(Date.now() + 60_000), leaseMs: 60_000 });
      if (step === null) break;
      await api.store.replays.endStep({ replayId: step._id, token: 't' }, end);
    }
    const { status, body: problem } = await merchant.delete(`/v1/replays/${body.id}`);
    expect(status).toBe(409);
    expect(problem.type).toBe('/errors/replay-done');
    expect((await merchant.get(`/v1/replays/${body.id}`)).body.state).toBe('done');
  });
});

test('the reference says what it takes', async () => {
  const { body } = await merchant.get('/openapi.json');
  const post = body.paths?.['/v1/replays']?.post;
  const schema = post?.requestBody?.content?.['application/json']?.schema;
  expect(schema).toMatchObject({ required: ['since'] });
  expect(schema?.properties?.rate_per_s).toMatchObject({ default: 50, minimum: 1, maximum: 500 });
  expect(post?.description).toContain('deliveries:replay');
});
