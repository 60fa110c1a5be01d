import type { ApiClient, Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_sub');
});
afterAll(() => api.stop());

async function create(fields: object = {}, client = merchant): Promise<Json> {
  const { status, body } = await client.post('/v1/subscriptions', aSubscriptionBody(fields));
  expect({ status, errors: body.errors }).toEqual({ status: 201, errors: undefined });
  return body;
}

describe('POST /v1/subscriptions', () => {
  test('needs no more than a URL and event types, and shows the secret once (001.11)', async () => {
    const created = await create({ event_types: ['payment_*', 'refund.completed', '*'] });
    expect(created).toEqual({
      id: expect.stringMatching(/^sub_[0-9a-f]{32}$/),
      owner: { level: 'merchant', id: 'm_sub' },
      url: 'http://127.0.0.1:9/receiver?x=1',
      description: null,
      event_types: ['payment_*', 'refund.completed', '*'],
      status: 'enabled',
      status_reason: null,
      authentication: { type: 'none' },
      headers: {},
      tls: null,
      signing: { scheme: 'hmac-sha256' },
      event_style: 'snake_case',
      success: '2xx',
      retry_policy: 'exponential-24h',
      max_in_flight: 20,
      rate_limit_per_s: null,
      timeout_ms: 15_000,
      auto_disable: { after_failing_for_s: 432_000 },
      failing_since: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    const { secret, ...shown } = created;
    const alone = await merchant.get(`/v1/subscriptions/${created.id}`);
    const patched = await merchant.patch(`/v1/subscriptions/${created.id}`, { description: null });
    const list = await merchant.get('/v1/subscriptions');
    const audit = await merchant.get('/v1/audit');
    expect(alone.body).toEqual(shown);
    expect(JSON.stringify([alone, patched, list, audit])).not.toContain(secret);
    expect(api.logged()).not.toContain(secret);
  });

  test.each(['three-retries', 'exponential-24h', { delays_s: [1, 5, 86_400] }])(
    'takes the retry policy %j',
    async (retry_policy) => {
      const { id } = await create({ retry_policy });
      expect((await merchant.get(`/v1/subscriptions/${id}`)).body.retry_policy).toEqual(retry_policy);
    },
  );

  test.each([
    [{ type: 'none' }, { type: 'none' }],
    [
      { type: 'basic', username: 'u', password: 'hidden-1' },
      { type: 'basic', username: 'u' },
    ],
    [{ type: 'bearer', token: 'hidden-2' }, { type: 'bearer' }],
    [
      { type: 'header', name: 'X-Key', value: 'hidden-3' },
      { type: 'header', name: 'X-Key' },
    ],
  ])('keeps %j and shows no secret of it', async (authentication, shown) => {
    const created = await create({ authentication });
    expect(created.authentication).toEqual(shown);
    const alone = await merchant.get(`/v1/subscriptions/${created.id}`);
    expect(alone.body.authentication).toEqual(shown);
    const stored = await api.store.subscriptions.get({ level: 'operator' }, String(created.id));
    expect(stored?.authentication).toEqual(authentication);
  });

  test('keeps every other setting', async () => {
    const settings = {
      description: 'orders',
      headers: { 'X-Tenant': '7' },
      signing: { scheme: 'hmac-sha256' },
      event_style: 'dotted',
      success: 'echo',
      max_in_flight: 3,
      rate_limit_per_s: 10,
      timeout_ms: 2_000,
      auto_disable: null,
    };
    expect(await create(settings)).toMatchObject(settings);
  });

  test.each([
    ['no URL', { url: undefined }, 'url'],
    ['no event types', { event_types: [] }, 'event_types'],
    ['an unknown event type', { event_types: ['payment_*', 'payment_vanished'] }, 'event_types[1]'],
    ['an unknown field', { colour: 'red' }, 'colour'],
    ['a secret of one’s own choice', { secret: 'whsec_mine' }, 'secret'],
    ['too short a delay', { retry_policy: { delays_s: [0] } }, 'retry_policy.delays_s[0]'],
    ['a header that is ours', { headers: { 'X-Signature': 'x' } }, 'headers.X-Signature'],
    ['an incomplete authentication', { authentication: { type: 'basic', username: 'u' } }, 'authentication.password'],
    ['an owner that is not below', { owner: { level: 'merchant', id: 'm_sub_other' } }, 'owner'],
    ['an owner above', { owner: { level: 'reseller', id: 'r_1' } }, 'owner'],
  ])('refuses %s and names the field', async (_what, wrong, field) => {
    const answer = await merchant.post('/v1/subscriptions', aSubscriptionBody(wrong));
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  test('names every invalid field at once', async () => {
    const wrong = { url: 7, timeout_ms: 1, colour: 'red' };
    const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody(wrong));
    expect((body.errors as unknown as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'colour',
      'timeout_ms',
      'url',
    ]);
  });
});

describe('the owner of a subscription (003.5)', () => {
  test('is the token’s, at every level', async () => {
    for (const level of ['portfolio', 'reseller'] as const) {
      const { owner } = await create({}, api.as({ level, id: 'above' }));
      expect(owner).toEqual({ level, id: 'above' });
    }
  });

  test('is named by operators, and by resellers for merchants below them', async () => {
    await api.merchant('m_sub_below', { reseller_id: 'r_owner' });
    const owner = { level: 'merchant', id: 'm_sub_below' };
    expect((await create({ owner }, api.operator)).owner).toEqual(owner);
    expect((await create({ owner }, api.as({ level: 'reseller', id: 'r_owner' }))).owner).toEqual(owner);
    const stranger = api.as({ level: 'reseller', id: 'r_other' });
    expect((await stranger.post('/v1/subscriptions', aSubscriptionBody({ owner }))).status).toBe(422);
    const unnamed = await api.operator.post('/v1/subscriptions', aSubscriptionBody());
    expect(unnamed.body.errors).toMatchObject([{ field: 'owner', code: 'required' }]);
    const missing = await api.operator.post(
      '/v1/subscriptions',
      aSubscriptionBody({ owner: { level: 'merchant', id: 'm_nowhere' } }),
    );
    expect(missing.body.errors).toMatchObject([{ field: 'owner', code: 'unknown_owner' }]);
  });
});

describe('GET /v1/subscriptions', () => {
  test('filters by owner and status', async () => {
    const own = await api.merchant('m_sub_filter', { portfolio_id: 'p_filter' });
    const portfolio = api.as({ level: 'portfolio', id: 'p_filter' });
    const first = await create({}, own);
    const second = await create({}, portfolio);
    await own.post(`/v1/subscriptions/${first.id}/disable`, { reason: 'quiet' });
    const ids = async (client: ApiClient, query: string) =>
      ((await client.get(`/v1/subscriptions${query}`)).body.data as unknown as { id: string }[]).map(({ id }) => id);
    expect(await ids(portfolio, '')).toEqual([second.id, first.id]);
    expect(await ids(portfolio, '?owner=merchant:m_sub_filter')).toEqual([first.id]);
    expect(await ids(portfolio, '?status=disabled')).toEqual([first.id]);
    expect(await ids(own, '')).toEqual([first.id]);
    expect(await ids(own, '?owner=portfolio:p_filter')).toEqual([]);
  });
});

describe('PATCH /v1/subscriptions/{id}', () => {
  test('replaces the given fields and leaves the others', async () => {
    const { id, secret, updated_at, ...before } = await create({ headers: { 'X-Old': '1' }, description: 'old' });
    const patch = { url: 'http://127.0.0.1:9/new', headers: { 'X-New': '2' }, event_types: ['refund_*'] };
    const { status, body } = await merchant.patch(`/v1/subscriptions/${id}`, patch);
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, ...patch, id, updated_at: expect.any(String) });
    expect((await merchant.get(`/v1/subscriptions/${id}/secret`)).body.secret).toBe(secret);
  });

  test.each([
    ['the owner', { owner: { level: 'merchant', id: 'm_sub' } }, 'owner'],
    ['the status', { status: 'disabled' }, 'status'],
    ['the secrets', { signing: { scheme: 'hmac-sha256' } }, 'signing'],
    ['a URL that may not be called', { url: 'http://10.0.0.1/' }, 'url'],
  ])('does not change %s', async (_what, patch, field) => {
    const { id } = await create();
    const { status, body } = await merchant.patch(`/v1/subscriptions/${id}`, patch);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ field }]);
  });

  test('that changes nothing leaves no trace', async () => {
    const { id, secret: _secret, ...before } = await create();
    const version = async () => (await api.store.subscriptions.get({ level: 'operator' }, String(id)))?.version;
    const versionBefore = await version();
    const { status, body } = await merchant.patch(`/v1/subscriptions/${id}`, {});
    expect(status).toBe(200);
    expect(body).toEqual({ id, ...before });
    expect(await version()).toBe(versionBefore);
    const { body: trail } = await merchant.get(`/v1/audit?resource_id=${id}`);
    expect(trail.data).toMatchObject([{ action: 'subscription.create' }]);
  });

  test('loses none of two changes made at the same time', async () => {
    const { id } = await create();
    const path = `/v1/subscriptions/${id}`;
    const answers = await Promise.all([
      merchant.patch(path, { description: 'together' }),
      merchant.patch(path, { timeout_ms: 5_000 }),
      merchant.patch(path, { max_in_flight: 2 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await merchant.get(path)).body).toMatchObject({
      description: 'together',
      timeout_ms: 5_000,
      max_in_flight: 2,
    });
  });
});

describe('DELETE /v1/subscriptions/{id}', () => {
  test('makes it disappear', async () => {
    const { id } = await create();
    expect((await merchant.delete(`/v1/subscriptions/${id}`)).status).toBe(204);
    expect((await merchant.delete(`/v1/subscriptions/${id}`)).status).toBe(404);
    expect((await merchant.get(`/v1/subscriptions/${id}`)).status).toBe(404);
    expect((await merchant.get(`/v1/subscriptions/${id}/secret`)).status).toBe(404);
  });
});
