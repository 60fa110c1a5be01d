import { deliveryIdOf } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

describe('a graceful stop', () => {
  let world: DispatcherWorld;
  let receiver: Receiver;
  let subscriptionId: string;

  beforeEach(async () => {
    world = await openWorld();
    receiver = await startReceiver();
    subscriptionId = (await world.store.subscriptions.create(aSubscription({ url: receiver.url })))._id;
  });
  afterEach(async () => {
    await world.close();
    await receiver.close();
  });

  async function raise(count: number) {
    const events = Array.from({ length: count }, () => anEvent());
    await world.store.events.insertMany(events);
    await world.producer.addEvents(events.map(({ _id }) => _id));
    return events;
  }
  const statusOf = async (eventId: string) => (await world.delivery(deliveryIdOf(eventId, subscriptionId)))?.status;

  it('lets requests in flight finish, loses nothing and sends nothing twice', async () => {
    receiver.behave((_received, response) => setTimeout(() => response.writeHead(200).end(), 100));
    const dispatcher = await world.start();
    const events = await raise(60);
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
    expect(await dispatcher.stop()).toBe(true);
    const sentByFirst = receiver.received.length;
    await world.start();
    await eventually(async () => {
      for (const { _id } of events) expect(await statusOf(_id)).toBe('delivered');
    });
    expect(sentByFirst).toBeGreaterThan(0);
    expect(receiver.received).toHaveLength(60);
  });

  it('cuts off a receiver that hangs, within its grace, and the delivery goes out again', async () => {
    receiver.behave('hang');
    const dispatcher = await world.start({ SHUTDOWN_GRACE_MS: '2500' });
    const [event] = await raise(1);
    const id = event?._id ?? '';
    await eventually(() => expect(receiver.of(id)).toHaveLength(1));
    const stoppingAt = Date.now();
    expect(await dispatcher.stop()).toBe(true);
    expect(Date.now() - stoppingAt).toBeLessThan(8_000);
    // Says nothing about the endpoint: no attempt is counted.
    expect(await world.delivery(deliveryIdOf(id, subscriptionId))).toMatchObject({
      status: 'pending',
      attempts_total: 0,
    });
    receiver.behave(200);
    await world.start();
    await eventually(async () => expect(await statusOf(id)).toBe('delivered'));
    expect(receiver.of(id)).toHaveLength(2);
  });

  it('cuts off a request that has left its job, and the next process sends it long before its lease would have run out', async () => {
    receiver.behave('hang');
    const dispatcher = await world.start({ SHUTDOWN_GRACE_MS: '2500' });
    const [event] = await raise(1);
    const id = event?._id ?? '';
    const deliveryId = deliveryIdOf(id, subscriptionId);
    await eventually(async () => expect((await world.delivery(deliveryId))?.lease).toBeDefined());
    const leasedUntil = (await world.delivery(deliveryId))?.lease?.until ?? new Date(0);
    expect(await dispatcher.stop()).toBe(true);
    const cutOff = await world.delivery(deliveryId);
    expect(cutOff).toMatchObject({ status: 'pending', attempts_total: 0 });
    expect(cutOff).not.toHaveProperty('lease');
    receiver.behave(200);
    await world.start();
    await eventually(async () => expect(await statusOf(id)).toBe('delivered'), 10_000);
    expect(world.store.clock.now().getTime()).toBeLessThan(leasedUntil.getTime());
    expect(receiver.of(id)).toHaveLength(2);
  });
});
