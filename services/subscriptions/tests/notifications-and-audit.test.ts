import os from 'node:os';
import { MongoClient } from 'mongodb';
import type { ApiClient, Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { waitingNotifications } from './support/queue-depths.ts';
import { aNotification } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

/** As an operator may who keeps no bodies for long. */
async function withoutBody({ settings }: RunningApi, id: string): Promise<void> {
  // Without `os` the driver would load it with `import()`, which jest's CommonJS does not have.
  const client = new MongoClient(settings.MONGO_URL, { runtimeAdapters: { os } });
  await client
    .db()
    .collection<{ _id: string }>('notifications')
    .updateOne({ _id: id }, { $unset: { body: '' } });
  await client.close();
}

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_1');
});
afterAll(() => api.stop());

describe('GET /v1/notifications', () => {
  const notification = aNotification();
  beforeAll(() => api.store.notifications.insertMany([notification, aNotification({ merchant_id: 'm_2' })]));

  const summary = {
    id: notification._id,
    merchant_id: 'm_1',
    connector: 'stripe',
    connector_account_id: notification.connector_account_id,
    received_at: notification.received_at.toISOString(),
    signed_at: notification.signed_at?.toISOString(),
    verdict: 'accepted',
    detail: null,
    attempts_made: 0,
    next_attempt_at: null,
    items: [{ connector_type: 'charge.updated', event_id: null, event_type: null, reason: 'unmapped' }],
  };

  test('lists what connectors sent, and why nothing was raised (000.16)', async () => {
    expect((await merchant.get('/v1/notifications')).body).toEqual({ data: [summary], next_cursor: null });
    expect((await merchant.get('/v1/notifications?verdict=too_old')).body.data).toEqual([]);
    expect((await merchant.get('/v1/notifications?connector=stripe&merchant_id=m_1')).body.data).toEqual([summary]);
  });

  test('shows the raw request only with its own permission', async () => {
    const reader = api.as({ level: 'merchant', id: 'm_1' }, { scopes: ['events:read'] });
    expect((await reader.get(`/v1/notifications/${notification._id}`)).body).toEqual(summary);
    expect((await merchant.get(`/v1/notifications/${notification._id}`)).body).toEqual({
      ...summary,
      headers: { 'stripe-signature': ['t=1,v1=ab'] },
      query: 'a=b',
      body_base64: notification.body.toString('base64'),
    });
  });
});

describe('POST /v1/notifications/{id}/reprocess', () => {
  const path = ({ _id }: { _id: string }) => `/v1/notifications/${_id}/reprocess`;

  test('has it read again in a new round, and says when that is due', async () => {
    const notification = aNotification();
    await api.store.notifications.insertMany([notification]);
    const before = await waitingNotifications(api);
    const asked = await merchant.post(path(notification));
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ id: notification._id, verdict: 'accepted', attempts_made: 0, detail: null });
    expect(Date.parse(String(asked.body.next_attempt_at))).toBeGreaterThan(Date.now() - 60_000);
    expect(await waitingNotifications(api)).toBe(before + 1);
    const stored = await api.store.notifications.get({ level: 'operator' }, notification._id);
    expect(stored).toMatchObject({ round: 1, due_at: new Date(String(asked.body.next_attempt_at)) });
    expect((await api.operator.post(path(notification))).status).toBe(202);
    const { body: trail } = await merchant.get(`/v1/audit?resource_id=${notification._id}`);
    expect(trail.data).toMatchObject([
      { action: 'notification.reprocess', owner: 'merchant:m_1', actor: { level: 'operator' } },
      { action: 'notification.reprocess', owner: 'merchant:m_1', actor: { level: 'merchant' } },
    ]);
  });

  test('once per Idempotency-Key', async () => {
    const notification = aNotification();
    await api.store.notifications.insertMany([notification]);
    const headers = { 'idempotency-key': 'again-1' };
    const first = await merchant.post(path(notification), {}, headers);
    expect((await merchant.post(path(notification), {}, headers)).body).toEqual(first.body);
    expect(await api.store.notifications.get({ level: 'operator' }, notification._id)).toMatchObject({ round: 1 });
  });

  test('answers 409 when its body is gone, and shows it without one', async () => {
    const notification = aNotification();
    await api.store.notifications.insertMany([notification]);
    await withoutBody(api, notification._id);
    const asked = await merchant.post(path(notification));
    expect(asked.status).toBe(409);
    expect(asked.body.type).toBe('/errors/notification-body-gone');
    expect((await merchant.get(`/v1/notifications/${notification._id}`)).body).toMatchObject({ body_base64: null });
  });

  test('finds what was never resolved, and says why', async () => {
    const notification = aNotification({ verdict: 'unresolved', round: 0, attempts_made: 10, detail: 'HTTP 503' });
    await api.store.notifications.insertMany([notification]);
    const { body } = await merchant.get('/v1/notifications?verdict=unresolved');
    expect(body.data).toMatchObject([{ id: notification._id, attempts_made: 10, detail: 'HTTP 503' }]);
  });
});

describe('GET /v1/audit', () => {
  const actionsFor = async (client: ApiClient, resource: Json) =>
    ((await client.get(`/v1/audit?resource_id=${resource}`)).body.data as unknown as { action: string }[]).map(
      ({ action }) => action,
    );

  test('tells who did what, also when an operator acts for a merchant (003.8)', async () => {
    const owner = { level: 'merchant', id: 'm_1' };
    const headers = { 'x-request-id': 'support-case-7' };
    const { body } = await api.operator.post('/v1/subscriptions', aSubscriptionBody({ owner }), headers);
    const trail = await merchant.get(`/v1/audit?resource_id=${body.id}`);
    expect(trail.body.data).toEqual([
      {
        id: expect.stringMatching(/^aud_/),
        at: expect.any(String),
        actor: { subject: 'olivia', level: 'operator', id: 'ops' },
        action: 'subscription.create',
        owner: 'merchant:m_1',
        resource_id: body.id,
        fields: expect.arrayContaining(['url', 'event_types']),
        request_id: 'support-case-7',
        ip: '127.0.0.1',
      },
    ]);
  });

  test('has a record of every change', async () => {
    const { body: subscription } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
    const path = `/v1/subscriptions/${subscription.id}`;
    await merchant.patch(path, { description: 'x' });
    await merchant.post(`${path}/rotate-secret`);
    await merchant.get(`${path}/secret`);
    await merchant.post(`${path}/disable`, { reason: 'x' });
    await merchant.post(`${path}/enable`);
    await merchant.delete(path);
    expect(await actionsFor(merchant, subscription.id as Json)).toEqual([
      'subscription.delete',
      'subscription.enable',
      'subscription.disable',
      'subscription.secret_read',
      'subscription.secret_rotate',
      'subscription.update',
      'subscription.create',
    ]);

    const { body: account } = await merchant.post('/v1/connector-accounts', {
      merchant_id: 'm_1',
      connector: 'stripe',
      credentials: [{ signing_secret: 'whsec_auditSecret1' }],
    });
    await merchant.patch(`/v1/connector-accounts/${account.id}`, { status: 'disabled' });
    await merchant.delete(`/v1/connector-accounts/${account.id}`);
    expect(await actionsFor(merchant, account.id as Json)).toEqual([
      'connector_account.delete',
      'connector_account.update',
      'connector_account.create',
    ]);

    const { body: token } = await merchant.post('/v1/tokens', {
      owner: { level: 'merchant', id: 'm_1' },
      scope: 'events:read',
    });
    await merchant.delete(`/v1/tokens/${token.jti}`);
    expect(await actionsFor(merchant, token.jti as Json)).toEqual(['token.revoke', 'token.create']);

    await api.operator.put('/v1/merchants/m_audit', { name: 'A' });
    await api.operator.put('/v1/merchants/m_audit', { name: 'B' });
    expect(await actionsFor(api.operator, 'm_audit' as unknown as Json)).toEqual([
      'merchant.update',
      'merchant.create',
    ]);
  });

  test('has none of what was refused', async () => {
    const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
    await merchant.patch(`/v1/subscriptions/${body.id}`, { url: 'http://10.0.0.1/' });
    await (await api.merchant('m_2')).delete(`/v1/subscriptions/${body.id}`);
    expect(await actionsFor(merchant, body.id as Json)).toEqual(['subscription.create']);
  });
});
