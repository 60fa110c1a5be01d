import { deliveryIdOf, newId } from '@owngateway/domain';
import type { DeliveryRecord, EventRecord, SubscriptionRecord } from '@owngateway/store';
import type { ApiClient, Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { waitingRetries } from './support/queue-depths.ts';
import { aDelivery, anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
let portfolio: ApiClient;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

let merchantId: string;
beforeEach(async () => {
  const unique = newId('evt').slice(-12);
  merchantId = `m_${unique}`;
  merchant = await api.merchant(merchantId, { portfolio_id: `p_${unique}` });
  portfolio = api.as({ level: 'portfolio', id: `p_${unique}` });
});

const OPERATOR = { level: 'operator' } as const;

async function subscribe(client: ApiClient, fields: object = {}): Promise<SubscriptionRecord> {
  const { body } = await client.post('/v1/subscriptions', aSubscriptionBody(fields));
  const record = await api.store.subscriptions.get(OPERATOR, String(body.id));
  if (record === null) throw new Error(`not created: ${JSON.stringify(body)}`);
  return record;
}

async function store(event: EventRecord, ...deliveries: DeliveryRecord[]): Promise<EventRecord> {
  await api.store.events.insertMany([event]);
  await api.store.deliveries.insertMany(deliveries);
  return event;
}

const replay = (client: ApiClient, event: EventRecord, body?: object) =>
  client.post(`/v1/events/${event._id}/replay`, body);

const recipientsIn = (body: Json) =>
  (body.data as unknown as { subscription_id: string }[]).map(({ subscription_id }) => subscription_id).sort();

describe('POST /v1/events/{id}/replay', () => {
  test('begins a new round of the delivery that exists, and puts it on the queue', async () => {
    const subscription = await subscribe(merchant);
    const event = anEvent({ merchant_id: merchantId });
    const delivery = aDelivery(event, subscription);
    await store(event, delivery);
    const before = await waitingRetries(api);

    const { status, body } = await replay(merchant, event);
    expect(status).toBe(202);
    expect(body.data).toMatchObject([
      { id: delivery._id, event_id: event._id, status: 'pending', dead_letter: null, attempts_made: 1 },
    ]);
    const stored = await api.store.deliveries.get(OPERATOR, delivery._id);
    expect(stored).toMatchObject({ round: 1, attempts_made: 0, attempts_total: 1, status: 'pending' });
    expect(await waitingRetries(api)).toBe(before + 1);
  });

  test('makes a delivery for a matching recipient that never had one, as a replay', async () => {
    const event = await store(anEvent({ merchant_id: merchantId }));
    const subscription = await subscribe(merchant, { event_style: 'dotted' });
    const { status, body } = await replay(merchant, event);
    expect(status).toBe(202);
    const id = deliveryIdOf(event._id, subscription._id);
    expect(body.data).toMatchObject([{ id, status: 'pending', attempts_made: 0, merchant_id: merchantId }]);
    const stored = await api.store.deliveries.get(OPERATOR, id);
    // Any round after the first makes the dispatcher call the attempt a replay.
    expect(stored).toMatchObject({
      round: 1,
      event_style: 'dotted',
      owner_key: `merchant:${merchantId}`,
      attempts: [],
    });
    expect(stored?.due_at).toEqual(stored?.next_attempt_at);
  });

  test('twice is two rounds, never two deliveries', async () => {
    const event = await store(anEvent({ merchant_id: merchantId }));
    await subscribe(merchant);
    const [first, second] = await Promise.all([replay(merchant, event), replay(merchant, event)]);
    expect([first.status, second.status]).toEqual([202, 202]);
    const { body } = await merchant.get(`/v1/deliveries?event_id=${event._id}`);
    expect(body.data).toHaveLength(1);
  });

  test('passes over subscriptions that are off, gone, or want other types', async () => {
    const wanted = await subscribe(merchant);
    await subscribe(merchant, { event_types: ['refund_*'] });
    const off = await subscribe(merchant);
    await merchant.post(`/v1/subscriptions/${off._id}/disable`, { reason: 'quiet' });
    const gone = await subscribe(merchant);
    const event = anEvent({ merchant_id: merchantId });
    await store(event, aDelivery(event, off), aDelivery(event, gone));
    await merchant.delete(`/v1/subscriptions/${gone._id}`);
    expect(recipientsIn((await replay(merchant, event)).body)).toEqual([wanted._id]);
  });

  test('goes to the caller’s own recipients only (rule 12)', async () => {
    const own = await subscribe(merchant);
    const above = await subscribe(portfolio);
    await subscribe(await api.merchant(`${merchantId}_other`));
    const event = anEvent({ merchant_id: merchantId });
    await store(event, aDelivery(event, own), aDelivery(event, above));
    expect(recipientsIn((await replay(merchant, event)).body)).toEqual([own._id]);
    expect(recipientsIn((await replay(portfolio, event)).body)).toEqual([own._id, above._id].sort());
    expect(recipientsIn((await replay(api.operator, event)).body)).toEqual([own._id, above._id].sort());
  });

  test('goes to one subscription when it is named', async () => {
    const [one] = [await subscribe(merchant), await subscribe(merchant)];
    const event = await store(anEvent({ merchant_id: merchantId }));
    const { body } = await replay(merchant, event, { subscription_id: one?._id });
    expect(recipientsIn(body)).toEqual([one?._id]);
  });

  test.each(['of another merchant', 'that wants other types', 'that is not there', 'of the portfolio above'])(
    'refuses a subscription %s',
    async (which) => {
      const other = await api.merchant(`${merchantId}_other`);
      const ids: Record<string, () => Promise<string>> = {
        'of another merchant': async () => (await subscribe(other))._id,
        'that wants other types': async () => (await subscribe(merchant, { event_types: ['refund_*'] }))._id,
        'that is not there': async () => newId('sub'),
        'of the portfolio above': async () => (await subscribe(portfolio))._id,
      };
      const event = await store(anEvent({ merchant_id: merchantId }));
      const { status, body } = await replay(merchant, event, { subscription_id: await ids[which]?.() });
      expect(status).toBe(422);
      expect(body.errors).toMatchObject([{ field: 'subscription_id', code: 'not_a_recipient' }]);
    },
  );

  test('reaches a transaction’s own URL too, unless one subscription is named', async () => {
    const subscription = await subscribe(merchant);
    const event = anEvent({ merchant_id: merchantId });
    const transaction = { _id: newId('txn'), owner_key: subscription.owner_key, url: subscription.url };
    const toTransaction = aDelivery(event, transaction, { subscription_id: null, transaction_id: transaction._id });
    await store(event, toTransaction);
    const { body: all } = await replay(merchant, event);
    expect(all.data).toMatchObject([{ id: toTransaction._id }, { subscription_id: subscription._id }]);
    const { body: one } = await replay(merchant, event, { subscription_id: subscription._id });
    expect(recipientsIn(one)).toEqual([subscription._id]);
  });

  test('answers 409 once retention took the payload', async () => {
    await subscribe(merchant);
    const event = await store(anEvent({ merchant_id: merchantId, body: null }));
    const { status, body } = await replay(merchant, event);
    expect(status).toBe(409);
    expect(body.type).toBe('/errors/payload-gone');
  });

  test('is written down', async () => {
    const event = await store(anEvent({ merchant_id: merchantId }));
    await replay(merchant, event);
    const { body } = await merchant.get(`/v1/audit?resource_id=${event._id}`);
    expect(body.data).toMatchObject([{ action: 'event.replay', owner: `merchant:${merchantId}` }]);
  });
});

describe('while Redis is away', () => {
  test('a replay is accepted all the same, due for the sweeper', async () => {
    const away = await startApi({ REDIS_URL: 'redis://127.0.0.1:1' });
    const client = await away.merchant('m_1');
    const { body: subscription } = await client.post('/v1/subscriptions', aSubscriptionBody());
    const event = anEvent({ merchant_id: 'm_1' });
    await away.store.events.insertMany([event]);
    const { status, body } = await client.post(`/v1/events/${event._id}/replay`);
    expect(status).toBe(202);
    expect(body.data).toMatchObject([{ subscription_id: subscription.id, status: 'pending' }]);
    const due = await away.store.deliveries.findDue({
      olderThan: new Date(Date.now() + 1_000),
      after: null,
      limit: 10,
    });
    expect(due).toHaveLength(1);
    expect(away.logged()).toContain('the sweeper will');
    await away.stop();
  });
});
