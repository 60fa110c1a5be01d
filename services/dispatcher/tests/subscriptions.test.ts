import { deliveryIdOf } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

const OPERATOR = { level: 'operator' } as const;

let world: DispatcherWorld;
let receiver: Receiver;
let merchants = 0;
let merchantId: string;

beforeAll(async () => {
  world = await openWorld();
  await world.start();
});
afterAll(() => world.close());
beforeEach(async () => {
  receiver = await startReceiver();
  merchantId = `m_${merchants++}`;
});
afterEach(() => receiver.close());

function subscribe(fields: Partial<Parameters<typeof aSubscription>[0]> = {}) {
  const owner = { level: 'merchant' as const, id: merchantId };
  return world.store.subscriptions.create(aSubscription({ url: receiver.url, owner, ...fields }));
}

async function raise() {
  const event = anEvent({ merchant_id: merchantId });
  await world.store.events.insertMany([event]);
  await world.producer.addEvents([event._id]);
  return event;
}

async function hasStatus(deliveryId: string, status: string, withinMs?: number) {
  await eventually(async () => expect((await world.delivery(deliveryId))?.status).toBe(status), withinMs);
}

const statuses = (eventIds: readonly string[], subscriptionId: string) =>
  Promise.all(eventIds.map(async (id) => (await world.delivery(deliveryIdOf(id, subscriptionId)))?.status));

describe('a subscription', () => {
  it('made just before an event always gets it (rule 3)', async () => {
    const expected: string[] = [];
    for (let round = 0; round < 200; round++) {
      merchantId = `r_${round}`;
      const { _id } = await subscribe();
      expected.push(deliveryIdOf((await raise())._id, _id));
    }
    await eventually(async () => {
      const found = await world.store.deliveries.loadExisting(expected);
      expect([...found.values()].filter(({ status }) => status === 'delivered')).toHaveLength(200);
    });
    expect(receiver.received).toHaveLength(200);
  });

  it('that is deleted gets nothing more, and what waits for it is cancelled', async () => {
    receiver.behave(500);
    const { _id } = await subscribe();
    const event = await raise();
    const deliveryId = deliveryIdOf(event._id, _id);
    await hasStatus(deliveryId, 'retrying');
    // The tombstone alone: the API's own cancelling may be lost in a crash.
    await world.store.subscriptions.delete(OPERATOR, _id);
    const next = await raise();
    await hasStatus(deliveryId, 'cancelled');
    expect(receiver.of(event._id)).toHaveLength(1);
    await eventually(async () => {
      const [marked] = await world.store.events.loadForDelivery([next._id]);
      expect(marked).not.toHaveProperty('awaiting_fan_out_since');
    });
    expect(receiver.of(next._id)).toHaveLength(0);
  });

  it('sends what waits to its new address, with its new headers', async () => {
    receiver.behave(({ path }, response) => response.writeHead(path.endsWith('/moved') ? 200 : 500).end());
    const { _id } = await subscribe({ retry_policy: { delays_s: [1, 1, 1, 1, 1, 1] } });
    const event = await raise();
    await hasStatus(deliveryIdOf(event._id, _id), 'retrying');
    // The failure itself is noted in the subscription meanwhile.
    const moved = { url: `${receiver.url}/moved`, headers: { 'x-shop': '18' } };
    await eventually(async () => {
      const { version = 0 } = (await world.store.subscriptions.get(OPERATOR, _id)) ?? {};
      expect(await world.store.subscriptions.update(OPERATOR, _id, version, moved)).toMatchObject(moved);
    });
    await hasStatus(deliveryIdOf(event._id, _id), 'delivered');
    expect(receiver.of(event._id).at(-1)).toMatchObject({ path: '/hooks/moved', headers: { 'x-shop': '18' } });
  });

  it('that is disabled holds its deliveries, and gets them in order once it is enabled', async () => {
    const { _id, version } = await subscribe();
    await world.store.subscriptions.update(OPERATOR, _id, version, { status: 'disabled' });
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push((await raise())._id);
    for (const id of ids) await hasStatus(deliveryIdOf(id, _id), 'held');
    expect(receiver.received).toHaveLength(0);

    // Another replica, and queues that know nothing: the order comes from MongoDB, and one process at a time sends it.
    const replica = await world.start();
    await world.wipeQueues();
    // The later an answer, the more would overtake it if two were under way at once. The first time, one of them is refused.
    const refused = new Set(ids.slice(3, 4));
    receiver.behave((received, response) => {
      const id = String(received.headers['webhook-id']);
      setTimeout(() => response.writeHead(refused.delete(id) ? 500 : 200).end(), ids.indexOf(id) % 2 === 0 ? 30 : 0);
    });
    await world.store.subscriptions.update(OPERATOR, _id, version + 1, { status: 'enabled' });
    for (const id of ids) await hasStatus(deliveryIdOf(id, _id), 'delivered', 30_000);
    const firsts = receiver.received.filter(({ headers }) => headers['x-delivery-attempt'] === '1');
    expect(firsts.map(({ headers }) => headers['webhook-id'])).toEqual(ids);
    expect(receiver.received).toHaveLength(ids.length + 1);
    await replica.stop();
  });

  it('that was disabled has a retry when that is due, although a job from before waits for later', async () => {
    receiver.behave((_received, response) => response.writeHead(receiver.received.length < 3 ? 500 : 200).end());
    const { _id } = await subscribe({ retry_policy: { delays_s: [600, 1] } });
    const deliveryId = deliveryIdOf((await raise())._id, _id);
    await hasStatus(deliveryId, 'retrying');
    // The failure itself is noted in the subscription meanwhile.
    const turn = (status: 'enabled' | 'disabled') =>
      eventually(async () => {
        const { version = 0 } = (await world.store.subscriptions.get(OPERATOR, _id)) ?? {};
        expect(await world.store.subscriptions.update(OPERATOR, _id, version, { status })).toMatchObject({ status });
      });
    await turn('disabled');
    await world.store.deliveries.holdForSubscription(_id);
    await turn('enabled');
    await hasStatus(deliveryId, 'delivered', 20_000);
  });

  it('that is enabled gets new events at once, beside its backlog', async () => {
    const { _id, version } = await subscribe();
    await world.store.subscriptions.update(OPERATOR, _id, version, { status: 'disabled' });
    const old = [(await raise())._id, (await raise())._id];
    for (const id of old) await hasStatus(deliveryIdOf(id, _id), 'held');
    // The first of the backlog is not answered before the new event has arrived.
    const arrived = Promise.withResolvers<void>();
    receiver.behave((received, response) => {
      if (old.includes(String(received.headers['webhook-id']))) void arrived.promise.then(() => response.end());
      else response.end();
    });
    await world.store.subscriptions.update(OPERATOR, _id, version + 1, { status: 'enabled' });
    await eventually(() => expect(receiver.received).toHaveLength(1), 12_000);
    const { _id: fresh } = await raise();
    await hasStatus(deliveryIdOf(fresh, _id), 'delivered');
    expect(await statuses(old, _id)).toEqual(['held', 'held']);
    arrived.resolve();
    for (const id of old) await hasStatus(deliveryIdOf(id, _id), 'delivered', 12_000);
  });

  it('whose endpoint is slow holds nobody else up, and each of its deliveries arrives once', async () => {
    const answer = Promise.withResolvers<void>();
    let answered = 0;
    const slow = await startReceiver(async (_received, response) => {
      await answer.promise;
      answered += 1;
      response.writeHead(200).end();
    });
    const slowId = (await subscribe({ url: slow.url, max_in_flight: 3 }))._id;
    const fastId = (await subscribe())._id;
    const events = await Promise.all(Array.from({ length: 6 }, () => raise()));
    for (const { _id } of events) await hasStatus(deliveryIdOf(_id, fastId), 'delivered');
    expect(answered).toBe(0);
    answer.resolve();
    for (const { _id } of events) await hasStatus(deliveryIdOf(_id, slowId), 'delivered', 12_000);
    expect(slow.received).toHaveLength(6);
    await slow.close();
  });
});
