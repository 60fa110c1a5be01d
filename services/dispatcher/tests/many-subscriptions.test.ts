import { eventually } from '@owngateway/local-stack/testing';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { anEvent, aSubscription } from './support/records.ts';

/** `MANY_SUBSCRIPTIONS=10000` for the number of the plan; so many take seconds. */
const SUBSCRIPTIONS = Number(process.env.MANY_SUBSCRIPTIONS ?? 1_000);
const OTHERS_EVENTS = 20;
const WITHIN_MS = 30_000 + SUBSCRIPTIONS * 30;

const MB = 1_048_576;

describe('an event that very many subscriptions want', () => {
  let world: DispatcherWorld;
  let receiver: Receiver;
  let other: Receiver;

  beforeAll(async () => {
    world = await openWorld();
    [receiver, other] = await Promise.all([startReceiver(), startReceiver()]);
    for (let done = 0; done < SUBSCRIPTIONS; done += 100) {
      const part = Array.from({ length: Math.min(100, SUBSCRIPTIONS - done) }, () =>
        world.store.subscriptions.create(
          // One origin with a thousand subscriptions: on a busy machine its connections are waited for.
          aSubscription({ url: receiver.url, owner: { level: 'merchant', id: 'm_many' }, timeout_ms: 30_000 }),
        ),
      );
      await Promise.all(part);
    }
    await world.store.subscriptions.create(
      aSubscription({ url: other.url, owner: { level: 'merchant', id: 'm_other' } }),
    );
    await world.start();
  }, WITHIN_MS);
  afterAll(async () => {
    await world.close();
    await Promise.all([receiver.close(), other.close()]);
  });

  async function raise(merchantId: string): Promise<string> {
    const event = anEvent({ merchant_id: merchantId });
    await world.store.events.insertMany([event]);
    await world.producer.addEvents([event._id]);
    return event._id;
  }

  it(
    'reaches each of them once, and others do not wait for it',
    async () => {
      // Somebody else is about before it begins.
      await raise('m_other');
      await eventually(() => expect(other.received).toHaveLength(1), WITHIN_MS);
      const startedMs = performance.now();
      const wide = await raise('m_many');
      const theirsMs: number[] = [];
      for (let n = 0; n < OTHERS_EVENTS; n += 1) {
        const before = other.received.length;
        const raisedMs = performance.now();
        await raise('m_other');
        await eventually(() => expect(other.received).toHaveLength(before + 1), WITHIN_MS);
        theirsMs.push(performance.now() - raisedMs);
      }
      await eventually(() => expect(receiver.of(wide)).toHaveLength(SUBSCRIPTIONS), WITHIN_MS);
      if (process.env.MANY_SUBSCRIPTIONS !== undefined) report(startedMs, theirsMs);
      const deliveries = new Set(receiver.of(wide).map(({ headers }) => headers['x-delivery-id']));
      expect(deliveries.size).toBe(SUBSCRIPTIONS);
      await eventually(
        async () =>
          expect((await world.store.events.loadForDelivery([wide]))[0]).not.toHaveProperty('awaiting_fan_out_since'),
        WITHIN_MS,
      );
    },
    WITHIN_MS * 2,
  );
});

/** For whoever asked for a number of their own. */
function report(startedMs: number, theirsMs: readonly number[]): void {
  const sorted = [...theirsMs].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  process.stdout.write(
    `${SUBSCRIPTIONS} deliveries in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s; others meanwhile: median ${median.toFixed(0)} ms, longest ${sorted.at(-1)?.toFixed(0)} ms; heap ${(process.memoryUsage().heapUsed / MB).toFixed(0)} MB\n`,
  );
}
