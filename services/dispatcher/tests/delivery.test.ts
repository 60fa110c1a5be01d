import { deliveryIdOf } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import { verifyStandardWebhook, verifyXSignature } from '@owngateway/signature';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { aDelivery, anEvent, aSubscription, BEARER, PAYLOAD_TEXT, SECRET } from './support/records.ts';

let world: DispatcherWorld;
let receiver: Receiver;
let subscriptionId: string;
let merchants = 0;

beforeAll(async () => {
  world = await openWorld();
  await world.start();
});
afterAll(() => world.close());

let merchantId: string;
beforeEach(async () => {
  receiver = await startReceiver();
  merchantId = `m_${merchants++}`;
  const owner = { level: 'merchant' as const, id: merchantId };
  subscriptionId = (await world.store.subscriptions.create(aSubscription({ url: receiver.url, owner })))._id;
});
afterEach(() => receiver.close());

async function storedEvent(fields: Parameters<typeof anEvent>[0] = {}) {
  const event = anEvent({ merchant_id: merchantId, ...fields });
  await world.store.events.insertMany([event]);
  return event;
}

async function raise(fields: Parameters<typeof anEvent>[0] = {}) {
  const event = await storedEvent(fields);
  await world.producer.addEvents([event._id]);
  return { event, deliveryId: deliveryIdOf(event._id, subscriptionId) };
}

async function hasStatus(deliveryId: string, status: string, withinMs?: number) {
  await eventually(async () => expect((await world.delivery(deliveryId))?.status).toBe(status), withinMs);
  const delivery = await world.delivery(deliveryId);
  if (delivery === null) throw new Error('gone');
  return delivery;
}

describe('an event', () => {
  it('is delivered once, signed, with the bytes that were stored', async () => {
    const { event, deliveryId } = await raise();
    const delivery = await hasStatus(deliveryId, 'delivered');
    expect(receiver.received).toHaveLength(1);
    const [{ headers = {}, body = '' } = {}] = receiver.received;
    expect(body).toBe(event.body);
    expect(headers).toMatchObject({
      authorization: `Bearer ${BEARER}`,
      'content-type': 'application/json',
      'webhook-id': event._id,
      'x-delivery-attempt': '1',
      'x-delivery-id': deliveryId,
      'x-event-type': 'payment_succeeded',
      'x-shop': '17',
    });
    const options = { secrets: [SECRET], body, now: new Date() };
    expect(verifyXSignature(headers['x-signature'], options)).toMatchObject({ ok: true });
    expect(
      verifyStandardWebhook(
        {
          id: headers['webhook-id'],
          timestamp: headers['webhook-timestamp'],
          signature: headers['webhook-signature'],
        },
        options,
      ),
    ).toMatchObject({ ok: true });
    expect(delivery).toMatchObject({ attempts_made: 1, attempts_total: 1, round: 0, next_attempt_at: null });
    expect(delivery.due_at).toBeUndefined();
    expect(delivery.attempts).toMatchObject([{ number: 1, trigger: 'first', outcome: 'delivered', http_status: 200 }]);
    await eventually(async () => {
      const [marked] = await world.store.events.loadForDelivery([event._id]);
      expect(marked).not.toHaveProperty('awaiting_fan_out_since');
    });
  });

  it('goes again when its document says, and is then delivered', async () => {
    receiver.behave((_received, response) => {
      receiver.behave(200);
      response.writeHead(500).end();
    });
    const { event, deliveryId } = await raise();
    const retrying = await hasStatus(deliveryId, 'retrying');
    const dueMs = retrying.next_attempt_at?.getTime() ?? 0;
    const delivered = await hasStatus(deliveryId, 'delivered');
    const [first, second] = receiver.of(event._id);
    expect(second?.atMs).toBeGreaterThanOrEqual(dueMs - 20);
    expect(second?.atMs).toBeLessThan(dueMs + 10_000);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['x-delivery-attempt']).toBe('2');
    expect(delivered.attempts.map(({ outcome, trigger }) => [outcome, trigger])).toEqual([
      ['http_error', 'first'],
      ['delivered', 'retry'],
    ]);
    expect(receiver.received).toHaveLength(2);
  });

  it('becomes a dead letter in MongoDB and in the queue of dead letters, and a replay brings it back', async () => {
    receiver.behave(503);
    const { event, deliveryId } = await raise();
    const failed = await hasStatus(deliveryId, 'failed');
    expect(failed.dead_letter).toMatchObject({ reason: 'retries_exhausted' });
    expect(receiver.of(event._id)).toHaveLength(2);
    await eventually(async () =>
      expect(await world.redis.exists(`${world.prefix}:{dead-letters}:dead-${deliveryId}`)).toBe(1),
    );

    receiver.behave(200);
    const replayed = await world.store.deliveries.replay({ level: 'operator' }, deliveryId, world.store.clock.now());
    if (typeof replayed === 'string') throw new Error(replayed);
    await world.producer.addRetries([{ deliveryId, round: replayed.round, delayMs: 0 }]);
    const delivered = await hasStatus(deliveryId, 'delivered');
    expect(delivered).toMatchObject({ round: 1, attempts_made: 1, attempts_total: 3, dead_letter: null });
    expect(delivered.attempts.at(-1)).toMatchObject({ number: 3, round: 1, trigger: 'replay' });
  });

  it('goes to the merchant and to everything above it, and to nobody else', async () => {
    const portfolio = `p_${merchantId}`;
    await world.store.merchants.put({ _id: merchantId, name: 'Shop', portfolio_id: portfolio, reseller_id: null });
    const above = await world.store.subscriptions.create(
      aSubscription({ url: `${receiver.url}/above`, owner: { level: 'portfolio', id: portfolio } }),
    );
    await world.store.subscriptions.create(
      aSubscription({ url: `${receiver.url}/other`, owner: { level: 'merchant', id: `other_${merchantId}` } }),
    );
    const { event } = await raise();
    await eventually(async () => {
      expect(await world.delivery(deliveryIdOf(event._id, above._id))).toMatchObject({
        status: 'delivered',
        owner_key: `portfolio:${portfolio}`,
      });
    });
    await hasStatus(deliveryIdOf(event._id, subscriptionId), 'delivered');
    expect(receiver.received.map(({ path }) => path).sort()).toEqual(['/hooks', '/hooks/above']);
  });

  it('that answers 410 holds what waits and switches the subscription off', async () => {
    receiver.behave(410);
    const { deliveryId } = await raise();
    await hasStatus(deliveryId, 'held');
    await eventually(async () => {
      const found = await world.store.subscriptions.get({ level: 'operator' }, subscriptionId);
      expect(found).toMatchObject({ status: 'disabled', status_reason: 'The endpoint answered 410 Gone.' });
    });
    const later = await raise();
    await hasStatus(later.deliveryId, 'held');
    expect(receiver.received).toHaveLength(1);
  });

  it('whose stored body is none that can be sent becomes a dead letter, and the others of its job go on', async () => {
    const dotted = await world.store.subscriptions.create(
      aSubscription({
        url: receiver.url,
        owner: { level: 'merchant', id: merchantId },
        event_style: 'dotted',
      }),
    );
    const poison = await storedEvent({ body: '{"no":"envelope"}' });
    const good = await storedEvent();
    await world.producer.addEvents([poison._id, good._id]);
    await hasStatus(deliveryIdOf(good._id, dotted._id), 'delivered');
    await hasStatus(deliveryIdOf(poison._id, dotted._id), 'failed');
    expect(receiver.of(poison._id)).toEqual([]);
    expect(receiver.of(good._id)).toHaveLength(2);
    // No retry would change it.
    expect(await world.delivery(deliveryIdOf(poison._id, dotted._id))).toMatchObject({
      attempts_total: 1,
      dead_letter: { reason: 'event_unsendable' },
    });
  });
});

describe('nothing is sent twice', () => {
  it('by a job that runs again, as a swept one or as if it were the first', async () => {
    const { event, deliveryId } = await raise();
    await hasStatus(deliveryId, 'delivered');
    await eventually(async () => {
      expect((await world.store.events.loadForDelivery([event._id]))[0]).not.toHaveProperty('awaiting_fan_out_since');
    });
    const marker = await storedEvent();
    await world.producer.addEvents([event._id]);
    await world.producer.addEvents([event._id], { swept: true });
    await world.producer.addEvents([marker._id, event._id]);
    await hasStatus(deliveryIdOf(marker._id, subscriptionId), 'delivered');
    await eventually(async () =>
      expect((await world.inspector.depths()).events).toEqual({ waiting: 0, delayed: 0, active: 0 }),
    );
    expect(receiver.of(event._id)).toHaveLength(1);
    expect((await world.delivery(deliveryId))?.attempts).toHaveLength(1);
  });

  it('by many jobs for one delivery', async () => {
    const event = await storedEvent();
    const delivery = aDelivery(event, subscriptionId, { merchant_id: merchantId });
    await world.store.deliveries.insertMany([delivery]);
    await Promise.all([
      world.producer.addDeliveries([{ deliveryId: delivery._id, round: 0, delayMs: 0 }]),
      world.producer.addRetries([{ deliveryId: delivery._id, round: 0, delayMs: 0 }]),
    ]);
    await hasStatus(delivery._id, 'delivered');
    expect(receiver.of(event._id)).toHaveLength(1);
  });

  // The store waits at most 5 s for one of its 20 connections: as many at once as a slow server serves well within that.
  it('because one of 100 claims at once wins, of each of 10 deliveries', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    for (let round = 0; round < 10; round++) {
      const event = await storedEvent();
      const delivery = aDelivery(event, subscriptionId, { due_at: inAnHour });
      await world.store.deliveries.insertMany([delivery]);
      const claims = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          world.store.deliveries.claim({
            deliveryId: delivery._id,
            round: 0,
            token: `att_${n}`,
            now: world.store.clock.now(),
            leaseMs: 60_000,
          }),
        ),
      );
      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
    }
  });
});

/** Everything that Redis holds, as it is dumped and as its hashes read. */
async function redisContent(): Promise<string> {
  const keys = await world.keys();
  const dumps = await Promise.all(keys.map((key) => world.redis.dumpBuffer(key)));
  const hashes = await Promise.all(
    keys.map(async (key) =>
      (await world.redis.type(key)) === 'hash' ? JSON.stringify(await world.redis.hgetall(key)) : '',
    ),
  );
  return Buffer.concat(dumps.filter((dump) => dump !== null)).toString('latin1') + hashes.join('');
}

it('Redis holds ids and routing only, neither payloads nor secrets (P6)', async () => {
  receiver.behave(500);
  const { deliveryId } = await raise();
  await hasStatus(deliveryId, 'retrying');
  // The document says it before the job is there.
  await eventually(async () => expect(await redisContent()).toContain(deliveryId));
  const text = await redisContent();
  for (const secret of [PAYLOAD_TEXT, SECRET, SECRET.slice(6), BEARER, receiver.url, 'amount_minor']) {
    expect(text).not.toContain(secret);
  }
});
