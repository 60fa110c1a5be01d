import type { DeliveryRecord, EventRecord, SubscriptionRecord } from '@owngateway/store';
import type { ApiClient, Json } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { aDelivery, anAttempt, anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
let subscription: SubscriptionRecord;
let events: EventRecord[];
let deliveries: DeliveryRecord[];

/** Ids carry the time that lists filter by, so events are made with ids of these days. */
const idAt = (iso: string) => `evt_${Date.parse(iso).toString(16).padStart(12, '0')}7${'0'.repeat(19)}`;

beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_1');
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
  subscription = (await api.store.subscriptions.get({ level: 'operator' }, String(body.id))) as SubscriptionRecord;
  events = [
    anEvent({ _id: idAt('2026-11-03T00:00:00Z'), type: 'refund_succeeded', connector: 'adyen', references: ['re_3'] }),
    anEvent({ _id: idAt('2026-11-02T00:00:00Z'), references: ['pi_2', 'order-2'] }),
    anEvent({ _id: idAt('2026-11-01T00:00:00Z') }),
  ];
  await api.store.events.insertMany([...events, anEvent({ merchant_id: 'm_2' })]);
  const states = [
    { status: 'delivered', dead_letter: null, last_outcome: 'delivered' },
    { status: 'retrying', dead_letter: null, completed_at: null, next_attempt_at: new Date(), due_at: new Date() },
    { attempts: [anAttempt(), anAttempt({ number: 2, trigger: 'retry', outcome: 'timeout', http_status: null })] },
  ] as const;
  deliveries = events.map((event, index) => {
    const { attempts, ...fields } = { attempts: [anAttempt()], ...states[index] };
    return aDelivery(event, subscription, { ...fields, attempts: [...attempts] });
  });
  await api.store.deliveries.insertMany(deliveries);
});
afterAll(() => api.stop());

const ids = (body: Json) => (body.data as unknown as { id: string }[]).map(({ id }) => id);
const idsOf = (records: ({ _id: string } | undefined)[]) => records.map((record) => record?._id);

describe('GET /v1/events', () => {
  test.each([
    ['', [0, 1, 2]],
    ['?merchant_id=m_1', [0, 1, 2]],
    ['?merchant_id=m_2', []],
    ['?type=refund_succeeded', [0]],
    ['?type=refund.completed', [0]],
    ['?connector=adyen', [0]],
    ['?object_reference=order-2', [1]],
    ['?since=2026-11-02T00:00:00Z', [0, 1]],
    ['?until=2026-11-02T00:00:00Z', [2]],
    ['?since=2026-11-02T00:00:00%2B01:00&until=2026-11-02T12:00:00Z', [1]],
  ])('with "%s" lists what it should, newest first', async (query, expected) => {
    const { status, body } = await merchant.get(`/v1/events${query}`);
    expect(status).toBe(200);
    expect(ids(body)).toEqual(idsOf(expected.map((index) => events[index])));
  });

  test('shows one with its exact payload and its deliveries', async () => {
    const { status, body } = await merchant.get(`/v1/events/${events[0]?._id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: events[0]?._id,
      merchant_id: 'm_1',
      type: 'refund_succeeded',
      origin: 'processor',
      object_type: 'payment',
      connector: 'adyen',
      connector_account_id: events[0]?.connector_account_id,
      notification_id: events[0]?.notification_id,
      object_references: ['re_3'],
      occurred_at: '2026-11-21T10:00:00.000Z',
      created_at: '2026-11-21T10:00:01.000Z',
      // 1.10 and 2^53+1 as they came (P2).
      payload: events[0]?.body,
      deliveries: [expect.objectContaining({ id: deliveries[0]?._id, status: 'delivered' })],
    });
  });
});

describe('GET /v1/deliveries', () => {
  test.each([
    [() => '', [0, 1, 2]],
    [() => '?status=retrying', [1]],
    [() => '?status=failed', [2]],
    [() => '?status=held', []],
    [() => `?subscription_id=${subscription._id}`, [0, 1, 2]],
    [() => `?event_id=${events[1]?._id}`, [1]],
    [() => '?merchant_id=m_2', []],
    [() => '?type=refund.completed&status=delivered', [0]],
    [() => '?since=2026-11-02T00:00:00Z', [0, 1]],
    [() => '?until=2026-11-02T00:00:00Z', [2]],
  ])('%# lists what it should', async (query, expected) => {
    const { status, body } = await merchant.get(`/v1/deliveries${query()}`);
    expect(status).toBe(200);
    expect(ids(body)).toEqual(idsOf(expected.map((index) => deliveries[index])));
    for (const delivery of body.data as unknown as object[]) expect(delivery).not.toHaveProperty('attempts');
  });

  test('shows one with all its attempts, oldest first', async () => {
    const { body } = await merchant.get(`/v1/deliveries/${deliveries[2]?._id}`);
    expect(body).toEqual({
      id: deliveries[2]?._id,
      event_id: events[2]?._id,
      event_type: 'payment_succeeded',
      merchant_id: 'm_1',
      subscription_id: subscription._id,
      transaction_id: null,
      url: 'http://127.0.0.1:9/receiver?x=1',
      status: 'failed',
      attempts_made: 1,
      next_attempt_at: null,
      held_back_by: null,
      last_outcome: 'http_error',
      created_at: '2026-11-21T10:00:02.000Z',
      completed_at: '2026-11-21T10:00:02.000Z',
      dead_letter: { reason: 'attempts_exhausted', at: '2026-11-21T10:00:02.000Z' },
      attempts: [
        {
          id: deliveries[2]?.attempts[0]?._id,
          delivery_id: deliveries[2]?._id,
          number: 1,
          trigger: 'first',
          started_at: '2026-11-21T10:00:02.000Z',
          duration_ms: 12,
          outcome: 'http_error',
          http_status: 500,
          response_headers: { 'content-type': 'text/plain' },
          response_body: 'oops',
          retry_after_s: null,
          next_attempt_at: null,
          failure: null,
        },
        expect.objectContaining({ number: 2, trigger: 'retry', outcome: 'timeout', http_status: null }),
      ],
    });
  });
});

describe('POST /v1/deliveries/{id}/...', () => {
  async function another(fields: Partial<DeliveryRecord> = {}, recipient = subscription, event = anEvent()) {
    const delivery = aDelivery(event, recipient, fields);
    await api.store.events.insertMany([event]);
    await api.store.deliveries.insertMany([delivery]);
    return delivery;
  }

  async function anotherSubscription(): Promise<SubscriptionRecord> {
    const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
    return (await api.store.subscriptions.get({ level: 'operator' }, String(body.id))) as SubscriptionRecord;
  }

  test('replay begins a new round of one that was given up', async () => {
    const { _id } = await another();
    const { status, body } = await merchant.post(`/v1/deliveries/${_id}/replay`);
    expect(status).toBe(202);
    expect(body).toMatchObject({ id: _id, status: 'pending', dead_letter: null, completed_at: null });
    expect(body.attempts).toHaveLength(1);
    const { body: trail } = await merchant.get(`/v1/audit?resource_id=${_id}`);
    expect(trail.data).toMatchObject([{ action: 'delivery.replay' }]);
  });

  test('a second replay is refused while the first is held back, and is not swallowed', async () => {
    const { _id } = await another();
    await merchant.post(`/v1/deliveries/${_id}/replay`);
    const { status, body } = await merchant.post(`/v1/deliveries/${_id}/replay`);
    expect(status).toBe(409);
    expect(body.type).toMatch(/replay-waiting$/);
  });

  test('replay is refused where it could only end at once', async () => {
    const [off, gone] = [await anotherSubscription(), await anotherSubscription()];
    await merchant.post(`/v1/subscriptions/${off._id}/disable`, { reason: 'quiet' });
    await merchant.delete(`/v1/subscriptions/${gone._id}`);
    const refusalOf = async (delivery: DeliveryRecord) => {
      const { status, body } = await merchant.post(`/v1/deliveries/${delivery._id}/replay`);
      expect(status).toBe(409);
      return body.type;
    };
    expect(await refusalOf(await another({}, off))).toBe('/errors/subscription-disabled');
    expect(await refusalOf(await another({}, gone))).toBe('/errors/subscription-deleted');
    expect(await refusalOf(await another({}, subscription, anEvent({ body: null })))).toBe('/errors/payload-gone');
  });

  test('cancel stops retries, once', async () => {
    const { _id } = await another({
      status: 'retrying',
      dead_letter: null,
      completed_at: null,
      next_attempt_at: new Date(),
      due_at: new Date(),
    });
    const { status, body } = await merchant.post(`/v1/deliveries/${_id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: _id, status: 'cancelled', next_attempt_at: null });
    const again = await merchant.post(`/v1/deliveries/${_id}/cancel`);
    expect(again.status).toBe(409);
    const detail = 'Only deliveries that are pending, retrying or held can be cancelled.';
    expect(again.body).toMatchObject({ type: '/errors/delivery-ended', detail });
  });
});
