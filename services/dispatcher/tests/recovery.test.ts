import { deliveryIdOf, newId } from '@owngateway/domain';
import { eventually } from '@owngateway/local-stack/testing';
import type { DeliveryRecord } from '@owngateway/store';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { aDelivery, anAttempt, anEvent, aSubscription } from './support/records.ts';

const A_WHILE_AGO = () => new Date(Date.now() - 60_000);

/** One sweep, and what it puts back. */
const SWEPT_MS = 12_000;

describe('what a crash or a wiped Redis leaves', () => {
  let world: DispatcherWorld;
  let receiver: Receiver;
  let subscriptionId: string;

  beforeAll(async () => {
    world = await openWorld();
    receiver = await startReceiver();
    subscriptionId = (await world.store.subscriptions.create(aSubscription({ url: receiver.url })))._id;
  });
  afterAll(async () => {
    await world.close();
    await receiver.close();
  });

  async function storedEvent() {
    const event = anEvent({ awaiting_fan_out_since: A_WHILE_AGO() });
    await world.store.events.insertMany([event]);
    return event;
  }

  async function storedDelivery(fields: Partial<DeliveryRecord>) {
    const event = await storedEvent();
    await world.store.events.markFannedOut([event._id]);
    const delivery = aDelivery(event, subscriptionId, { due_at: A_WHILE_AGO(), ...fields });
    await world.store.deliveries.insertMany([delivery]);
    return { event, delivery };
  }

  it('is put right by one sweep', async () => {
    // Stored and enqueued, then Redis was wiped; or stored only, because ingress died.
    const lost = await storedEvent();
    await world.producer.addEvents([lost._id]);
    // Fanned out and delivered, but the mark was lost.
    const unmarked = await storedEvent();
    await world.store.deliveries.insertMany([
      { ...aDelivery(unmarked, subscriptionId), status: 'delivered', completed_at: new Date() },
    ]);
    // Fanned out to one of two matches only.
    const second = await world.store.subscriptions.create(
      aSubscription({ url: `${receiver.url}/second`, event_types: ['refund_failed'] }),
    );
    const half = anEvent({ type: 'refund_failed', awaiting_fan_out_since: A_WHILE_AGO() });
    await world.store.events.insertMany([half]);
    await world.store.deliveries.insertMany([
      { ...aDelivery(half, subscriptionId), status: 'delivered', completed_at: new Date() },
    ]);
    // Waiting for a retry whose job is gone; waiting for a first attempt; sent by a process that died.
    const retry = await storedDelivery({
      status: 'retrying',
      attempts_made: 1,
      attempts_total: 1,
      attempts: [anAttempt()],
    });
    await world.producer.addRetries([{ deliveryId: retry.delivery._id, round: 0, delayMs: 3_600_000 }]);
    const pending = await storedDelivery({});
    const expired = await storedDelivery({ lease: { token: newId('att'), until: A_WHILE_AGO() } });
    // Somebody else is sending this one.
    const later = new Date(Date.now() + 600_000);
    const leased = await storedDelivery({ lease: { token: newId('att'), until: later }, due_at: later });
    // A replay whose job never came to be.
    const replay = await storedDelivery({ status: 'pending', round: 1, attempts_total: 2 });

    await world.wipeQueues();
    await world.start();

    const delivered = async (id: string) => expect((await world.delivery(id))?.status).toBe('delivered');
    await eventually(async () => {
      await delivered(deliveryIdOf(lost._id, subscriptionId));
      await delivered(deliveryIdOf(half._id, second._id));
      for (const { delivery } of [retry, pending, expired, replay]) await delivered(delivery._id);
    }, SWEPT_MS);
    for (const event of [lost, half, retry.event, pending.event, expired.event, replay.event]) {
      expect(receiver.of(event._id)).toHaveLength(1);
    }
    await eventually(async () => {
      const events = await world.store.events.loadForDelivery([lost._id, unmarked._id, half._id]);
      expect(events.map((event) => event.awaiting_fan_out_since)).toEqual([undefined, undefined, undefined]);
    });
    expect(receiver.of(unmarked._id)).toHaveLength(0);
    expect(receiver.of(leased.event._id)).toHaveLength(0);
    expect((await world.delivery(retry.delivery._id))?.attempts.at(-1)).toMatchObject({ number: 2, trigger: 'retry' });
    expect((await world.delivery(replay.delivery._id))?.attempts.at(-1)).toMatchObject({ trigger: 'replay' });
  });

  it('is put right while the service runs on: queues wiped under its hands', async () => {
    const event = await storedEvent();
    await world.wipeQueues();
    await eventually(async () => {
      expect((await world.delivery(deliveryIdOf(event._id, subscriptionId)))?.status).toBe('delivered');
    }, SWEPT_MS);
    expect(receiver.of(event._id)).toHaveLength(1);
    // And the workers, which were waiting on keys that went, take new work at once.
    const next = anEvent();
    await world.store.events.insertMany([next]);
    await world.producer.addEvents([next._id]);
    await eventually(() => expect(receiver.of(next._id)).toHaveLength(1));
  });

  it('that knows more than MongoDB, which was restored from a backup, is forgotten quietly', async () => {
    const { event, delivery } = await storedDelivery({ status: 'delivered', completed_at: new Date() });
    const unknown = { deliveryId: deliveryIdOf(newId('evt'), subscriptionId), round: 0, subscriptionId, delayMs: 0 };
    const gone = newId('sub');
    await world.producer.addDeliveries([
      unknown,
      { ...unknown, deliveryId: deliveryIdOf(newId('evt'), gone), subscriptionId: gone },
    ]);
    // A round that the backup does not know, and the first one, whose end it does.
    await world.producer.addRetries([
      { ...unknown, round: 3 },
      { deliveryId: delivery._id, round: 7, delayMs: 0 },
    ]);
    await world.producer.addRetries([{ deliveryId: delivery._id, round: 0, delayMs: 0 }]);
    await world.producer.addEvents([newId('evt'), event._id, newId('evt')]);
    const dispatcher = await world.start();
    await eventually(async () => {
      const depths = Object.values(await world.inspector.depths());
      expect(depths.map(({ waiting, delayed, active }) => waiting + delayed + active)).toEqual(depths.map(() => 0));
    }, SWEPT_MS);
    expect(receiver.of(event._id)).toHaveLength(0);
    expect(await world.delivery(delivery._id)).toMatchObject({ status: 'delivered', round: 0, attempts_total: 0 });
    expect(dispatcher.log.join('')).not.toContain('trouble');
    await dispatcher.stop();
  });
});
