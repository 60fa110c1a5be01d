import { deliveryIdOf } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

let world: DispatcherWorld;

beforeAll(async () => {
  world = await openWorld();
  await world.start();
});
afterAll(() => world.close());

it('a subscription’s rate limit spreads its deliveries, uses up no attempt, and says so meanwhile', async () => {
  const receiver = await startReceiver();
  try {
    const owner = { level: 'merchant' as const, id: 'm_slowly' };
    const subscription = await world.store.subscriptions.create(
      aSubscription({ url: receiver.url, owner, rate_limit_per_s: 2 }),
    );
    const events = Array.from({ length: 6 }, () => anEvent({ merchant_id: 'm_slowly' }));
    await world.store.events.insertMany(events);
    await world.producer.addEvents(events.map(({ _id }) => _id));
    const deliveries = () => Promise.all(events.map(({ _id }) => world.delivery(deliveryIdOf(_id, subscription._id))));

    await eventually(async () =>
      expect((await deliveries()).filter((one) => one?.held_back_by === 'rate_limit').length).toBeGreaterThan(0),
    );
    await eventually(
      async () => expect((await deliveries()).map((one) => one?.status)).toEqual(events.map(() => 'delivered')),
      15_000,
    );
    expect((await deliveries()).map((one) => one?.attempts_total)).toEqual(events.map(() => 1));
    const sentAtMs = (await deliveries()).map((one) => one?.attempts[0]?.started_at.getTime() ?? 0);
    // Two at once, the other four two a second.
    expect(Math.max(...sentAtMs) - Math.min(...sentAtMs)).toBeGreaterThan(1_400);
    expect(receiver.received).toHaveLength(6);
  } finally {
    await receiver.close();
  }
});
