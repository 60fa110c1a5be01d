import { deliveryIdOf } from '@owngateway/domain';
import { eventually, type InterruptibleProxy, startProxy } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld, type RunningDispatcher } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

describe('while MongoDB is away', () => {
  let world: DispatcherWorld;
  let proxy: InterruptibleProxy;
  let receiver: Receiver;
  let dispatcher: RunningDispatcher;
  let subscriptionId: string;

  beforeEach(async () => {
    world = await openWorld();
    proxy = await startProxy(world.mongoUrl);
    receiver = await startReceiver();
    subscriptionId = (await world.store.subscriptions.create(aSubscription({ url: receiver.url })))._id;
    dispatcher = await world.start({ MONGO_URL: proxy.url, SHUTDOWN_GRACE_MS: '4000' });
  });
  afterEach(async () => {
    await world.close();
    await proxy.close();
    await receiver.close();
  });

  async function raise() {
    const event = anEvent();
    await world.store.events.insertMany([event]);
    await world.producer.addEvents([event._id]);
    return event;
  }
  const statusOf = async (eventId: string) => (await world.delivery(deliveryIdOf(eventId, subscriptionId)))?.status;

  /** MongoDB goes while the receiver is still busy with the request. */
  async function answeredWithoutStore() {
    const answers: (() => void)[] = [];
    receiver.behave((_received, response) => void answers.push(() => response.writeHead(200).end()));
    const event = await raise();
    await eventually(() => expect(receiver.of(event._id)).toHaveLength(1));
    proxy.interrupt();
    for (const answer of answers) answer();
    receiver.behave(200);
    await eventually(() => expect(dispatcher.log.join('')).toContain('"what":"worker"'), 8_000);
    return event;
  }

  it('a result is kept and written again, nothing is sent twice, and nothing new is sent (rule 8)', async () => {
    const answered = await answeredWithoutStore();
    const later = await Promise.all([raise(), raise(), raise()]);
    expect(receiver.received).toHaveLength(1);
    proxy.resume();
    await eventually(async () => {
      for (const { _id } of [answered, ...later]) expect(await statusOf(_id)).toBe('delivered');
    });
    expect(receiver.received).toHaveLength(4);
    expect((await world.delivery(deliveryIdOf(answered._id, subscriptionId)))?.attempts_total).toBe(1);
  });

  it('a stop ends within its grace, and what could not be written goes out again', async () => {
    const answered = await answeredWithoutStore();
    const stoppingAt = Date.now();
    await dispatcher.stop();
    expect(Date.now() - stoppingAt).toBeLessThan(15_000);
    expect(await statusOf(answered._id)).toBeUndefined();
    await world.start();
    // Its job is put back by BullMQ, or by the sweeper.
    await eventually(async () => expect(await statusOf(answered._id)).toBe('delivered'), 25_000);
    expect(receiver.of(answered._id)).toHaveLength(2);
  });
});
