import type { SubscriptionRecord } from '@owngateway/store';
import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { aDelivery, anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_1');
});
afterAll(() => api.stop());

const OPERATOR = { level: 'operator' } as const;

async function created(): Promise<{ id: string; secret: string; path: string }> {
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
  const id = String(body.id);
  return { id, secret: String(body.secret), path: `/v1/subscriptions/${id}` };
}

async function stored(id: string): Promise<SubscriptionRecord> {
  const record = await api.store.subscriptions.get(OPERATOR, id);
  if (record === null) throw new Error('the subscription is gone');
  return record;
}

/** A delivery of a new event that waits for this subscription. */
async function waiting(id: string, status: 'pending' | 'retrying' | 'held'): Promise<string> {
  const event = anEvent();
  const at = new Date();
  const open = { status, dead_letter: null, completed_at: null, next_attempt_at: at };
  const delivery = aDelivery(event, await stored(id), status === 'held' ? open : { ...open, due_at: at });
  await api.store.events.insertMany([event]);
  await api.store.deliveries.insertMany([delivery]);
  return delivery._id;
}

const statusOf = async (deliveryId: string) => (await api.store.deliveries.get(OPERATOR, deliveryId))?.status;

describe('the secret (001.14)', () => {
  test('is shown by its own call, and written down as read', async () => {
    const { id, secret, path } = await created();
    const shown = await merchant.get(`${path}/secret`);
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({ secret, previous_expires_at: null });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const audit = await merchant.get(`/v1/audit?resource_id=${id}`);
    expect(audit.body.data).toMatchObject([{ action: 'subscription.secret_read' }, { action: 'subscription.create' }]);
  });

  test('signs beside the new one for a day after a rotation', async () => {
    const { id, secret, path } = await created();
    const rotated = await merchant.post(`${path}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).not.toBe(secret);
    const leftMs = Date.parse(String(rotated.body.previous_expires_at)) - Date.now();
    expect(leftMs).toBeGreaterThan(86_390_000);
    expect(leftMs).toBeLessThan(86_410_000);
    const { secrets } = (await stored(id)).signing;
    expect(secrets.map(({ value, expires_at }) => [value, expires_at?.toISOString() ?? null])).toEqual([
      [rotated.body.secret, null],
      [secret, rotated.body.previous_expires_at],
    ]);
    expect((await merchant.get(`${path}/secret`)).body).toEqual(rotated.body);
  });

  test('ends at once when asked so', async () => {
    const { id, path } = await created();
    const rotated = await merchant.post(`${path}/rotate-secret`, { expire_previous_in_s: 0 });
    expect((await stored(id)).signing.secrets.map(({ value }) => value)).toEqual([rotated.body.secret]);
  });

  test('cannot be rotated so often that the signature headers grow without end', async () => {
    const { path } = await created();
    for (let rotation = 1; rotation < 5; rotation++) {
      expect((await merchant.post(`${path}/rotate-secret`)).status).toBe(200);
    }
    const refused = await merchant.post(`${path}/rotate-secret`);
    expect(refused.status).toBe(409);
    expect(refused.body.type).toBe('/errors/too-many-secrets');
    expect((await merchant.post(`${path}/rotate-secret`, { expire_previous_in_s: 0 })).status).toBe(200);
  });

  test('needs both permissions to be rotated', async () => {
    const { path } = await created();
    for (const scope of ['secrets:read', 'subscriptions:write'] as const) {
      const client = api.as({ level: 'merchant', id: 'm_1' }, { scopes: [scope] });
      expect((await client.post(`${path}/rotate-secret`)).status).toBe(403);
    }
    const writer = api.as({ level: 'merchant', id: 'm_1' }, { scopes: ['subscriptions:write', 'subscriptions:read'] });
    expect((await writer.get(`${path}/secret`)).status).toBe(403);
  });
});

describe('disable', () => {
  test('holds what is open, and says why', async () => {
    const { id, path } = await created();
    const deliveries = await Promise.all([waiting(id, 'pending'), waiting(id, 'retrying')]);
    const answer = await merchant.post(`${path}/disable`, { reason: 'maintenance' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, status: 'disabled', status_reason: 'maintenance' });
    expect(await Promise.all(deliveries.map(statusOf))).toEqual(['held', 'held']);
  });

  test('needs a reason', async () => {
    const { path } = await created();
    expect((await merchant.post(`${path}/disable`, {})).body.errors).toMatchObject([{ field: 'reason' }]);
  });
});

describe('enable', () => {
  test('leaves held deliveries to be sent', async () => {
    const { id, path } = await created();
    await merchant.post(`${path}/disable`, { reason: 'maintenance' });
    const delivery = await waiting(id, 'held');
    const answer = await merchant.post(`${path}/enable`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'enabled', status_reason: null });
    expect(await statusOf(delivery)).toBe('held');
  });

  test('drops held deliveries when asked so', async () => {
    const { id, path } = await created();
    await merchant.post(`${path}/disable`, { reason: 'maintenance' });
    const delivery = await waiting(id, 'held');
    const answer = await merchant.post(`${path}/enable`, { backlog: 'drop', reason: 'fresh start' });
    expect(answer.body).toMatchObject({ status: 'enabled', status_reason: 'fresh start' });
    expect(await statusOf(delivery)).toBe('cancelled');
  });

  test('drops nothing of a subscription that is on', async () => {
    const { id, path } = await created();
    const delivery = await waiting(id, 'retrying');
    expect((await merchant.post(`${path}/enable`, { backlog: 'drop' })).status).toBe(200);
    expect(await statusOf(delivery)).toBe('retrying');
  });
});

describe('failing_since', () => {
  const SINCE = new Date('2026-11-16T10:00:00.000Z');

  test('is shown, and taken back by enabling: what was known of the endpoint no longer counts', async () => {
    const { id, path } = await created();
    expect(await api.store.subscriptions.noteFailing(id, SINCE)).toBe(true);
    expect((await merchant.get(path)).body).toMatchObject({ failing_since: SINCE.toISOString() });
    await merchant.post(`${path}/disable`, { reason: 'maintenance' });
    expect((await merchant.get(path)).body).toMatchObject({ failing_since: SINCE.toISOString() });
    const before = Date.now();
    expect((await merchant.post(`${path}/enable`)).body).toMatchObject({ failing_since: null });
    expect((await stored(id)).enabled_at?.getTime()).toBeGreaterThanOrEqual(before - 1_000);
  });

  test('is taken back by another URL, and by nothing else that can be changed', async () => {
    const { id, path } = await created();
    await api.store.subscriptions.noteFailing(id, SINCE);
    const { url } = (await merchant.get(path)).body;
    await merchant.patch(path, { description: 'still failing', url });
    expect((await stored(id)).failing_since).toEqual(SINCE);
    expect((await merchant.patch(path, { url: `${url}/moved` })).body).toMatchObject({ failing_since: null });
    expect((await merchant.patch(path, { failing_since: null })).status).toBe(422);
  });
});

describe('delete', () => {
  test('cancels what waits (rule 13), and keeps what ended', async () => {
    const { id, path } = await created();
    const [open, held] = await Promise.all([waiting(id, 'retrying'), waiting(id, 'held')]);
    const event = anEvent();
    const ended = aDelivery(event, await stored(id));
    await api.store.deliveries.insertMany([ended]);
    await merchant.delete(path);
    expect(await Promise.all([open, held, ended._id].map(statusOf))).toEqual(['cancelled', 'cancelled', 'failed']);
  });
});
