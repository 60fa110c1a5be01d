import { eventually, startProxy } from '@owngateway/local-stack/testing';
import type { DeliveryRecord, EventRecord, ReplayRecord, ReplayRepository } from '@owngateway/store';
import { createSubscriptionDirectory } from '../src/directory/subscription-directory.ts';
import { createReplayBatch } from '../src/replays/replay-batch.ts';
import { createReplayStep } from '../src/replays/replay-step.ts';
import { type DispatcherWorld, openWorld } from './support/dispatcher-world.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { aDelivery, anAttempt, anEvent, aSubscription } from './support/records.ts';
import { aReplay } from './support/replays.ts';

const OPERATOR = { level: 'operator' } as const;
/** A busy machine, and a lease that has to run out. */
const PATIENCE_MS = 60_000;
jest.setTimeout(90_000);

let world: DispatcherWorld;
let receiver: Receiver;
let merchants = 0;
let merchantId: string;
beforeEach(async () => {
  world = await openWorld();
  receiver = await startReceiver();
  merchantId = `m_${merchants++}`;
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

const now = () => world.store.clock.now();

async function subscribe(fields: Partial<Parameters<typeof aSubscription>[0]> = {}) {
  const owner = { level: 'merchant' as const, id: merchantId };
  return (
    await world.store.subscriptions.create(aSubscription({ url: receiver.url, owner, timeout_ms: 30_000, ...fields }))
  )._id;
}

/** Dead letters of a subscription, oldest event first. */
async function deadLetters(count: number, subscriptionId: string, ofEvent: Partial<EventRecord> = {}) {
  const letters = Array.from({ length: count }, () => {
    const { awaiting_fan_out_since: _fannedOut, ...event } = anEvent({ merchant_id: merchantId, ...ofEvent });
    const { due_at: _ended, ...delivery } = aDelivery(event, subscriptionId, {
      merchant_id: merchantId,
      owner_key: `merchant:${merchantId}`,
      status: 'failed',
      next_attempt_at: null,
      attempts_made: 1,
      attempts_total: 1,
      attempts: [anAttempt()],
      dead_letter: { reason: 'attempts_exhausted', at: now() },
      completed_at: now(),
    });
    return { event, delivery };
  });
  await world.store.events.insertMany(letters.map(({ event }) => event));
  await world.store.deliveries.insertMany(letters.map(({ delivery }) => delivery));
  return letters.map(({ delivery }) => delivery).sort((a, b) => (a._id < b._id ? -1 : 1));
}

async function ask(fields: Parameters<typeof aReplay>[1] = {}): Promise<string> {
  const replay = aReplay(new Date(now().getTime() + 1), fields);
  await world.store.replays.create(replay);
  return replay._id;
}
const progress = async (id: string) => (await world.store.replays.get(OPERATOR, id)) as ReplayRecord;
const ended = (id: string, state = 'done') =>
  eventually(async () => {
    expect((await progress(id)).state).toBe(state);
    expect(await progress(id)).not.toHaveProperty('next_step_at');
  }, PATIENCE_MS);
const statesOf = async (deliveries: DeliveryRecord[]) => {
  const stored = await world.store.deliveries.loadExisting(deliveries.map(({ _id }) => _id));
  return deliveries.map(({ _id }) => stored.get(_id) as DeliveryRecord);
};
const allHave = (deliveries: DeliveryRecord[], status: string) =>
  eventually(async () => {
    const states = await statesOf(deliveries);
    expect(states.filter((delivery) => delivery.status !== status)).toEqual([]);
  }, PATIENCE_MS);

describe('a bulk replay', () => {
  it('sends every dead letter again, once, and says what became of each', async () => {
    const [well, off, gone] = [await subscribe(), await subscribe(), await subscribe()];
    const sent = await deadLetters(50, well);
    const held = await deadLetters(3, off);
    const lost = await deadLetters(2, gone);
    const bare = await deadLetters(4, well, { body: null });
    await world.store.subscriptions.update(OPERATOR, off, 1, { status: 'disabled' });
    await world.store.subscriptions.delete(OPERATOR, gone);
    const id = await ask({ rate_per_s: 20 });
    const younger = await deadLetters(1, well);

    await Promise.all([world.start(), world.start()]);
    await ended(id);
    expect(await progress(id)).toMatchObject({
      matched: 59,
      replayed: 53,
      failed: 6,
      skipped: 0,
      failures: { payload_gone: 4, subscription_deleted: 2 },
      batch: null,
    });
    await allHave(sent, 'delivered');
    for (const delivery of await statesOf(sent)) {
      expect(delivery).toMatchObject({ round: 1, attempts_total: 2, replayed_by: [id] });
      expect(delivery.attempts.at(-1)).toMatchObject({ trigger: 'replay', number: 2 });
      expect(receiver.of(delivery.event_id)).toHaveLength(1);
    }
    expect(await statesOf(held)).toMatchObject(held.map(() => ({ status: 'held', round: 1, dead_letter: null })));
    for (const delivery of [...lost, ...bare, ...younger]) {
      expect((await world.delivery(delivery._id))?.round).toBe(0);
    }
    expect(receiver.received).toHaveLength(50);

    await world.store.subscriptions.update(OPERATOR, off, 2, { status: 'enabled' });
    await allHave(held, 'delivered');
  });

  it('never meets again what it sent, though that fails again', async () => {
    receiver.behave(500);
    const letters = await deadLetters(4, await subscribe());
    // Slow enough that the first has failed again before the last has its turn.
    const replayId = await ask({ rate_per_s: 1 });
    await world.start();
    await ended(replayId);
    await allHave(letters, 'failed');
    expect(await progress(replayId)).toMatchObject({ matched: 4, replayed: 4, failed: 0, skipped: 0 });
    expect((await statesOf(letters)).map(({ round }) => round)).toEqual([1, 1, 1, 1]);
  });

  it('stays within its rate', async () => {
    const letters = await deadLetters(8, await subscribe());
    const askedAt = now().getTime();
    await ask({ rate_per_s: 2 });
    await world.start();
    await allHave(letters, 'delivered');
    // Two in the first second, two in each after it.
    const begun = (await statesOf(letters)).map(({ round_started_at }) => round_started_at.getTime() - askedAt);
    expect(Math.max(...begun) - Math.min(...begun)).toBeGreaterThanOrEqual(2_900);
  });

  it('that is cancelled sends no more than the batch at hand, and counts that', async () => {
    const letters = await deadLetters(40, await subscribe());
    const id = await ask({ rate_per_s: 2 });
    await world.start();
    await eventually(async () => expect((await progress(id)).replayed).toBeGreaterThan(0), PATIENCE_MS);
    await world.store.replays.cancel(OPERATOR, id, now());
    await ended(id, 'cancelled');
    const { matched, replayed } = await progress(id);
    expect(matched).toBe(replayed);
    expect(replayed).toBeLessThan(40);
    const raised = (await statesOf(letters)).filter(({ round }) => round === 1);
    expect(raised).toHaveLength(replayed);
  });

  it('of a merchant reaches its own deliveries alone (rule 12)', async () => {
    const own = await deadLetters(2, await subscribe());
    const owner = { level: 'merchant' as const, id: merchantId };
    merchantId = 'm_other';
    const others = await deadLetters(2, await subscribe());
    const id = await ask({ owner, owner_key: `merchant:${owner.id}` });
    await world.start();
    await ended(id);
    await allHave(own, 'delivered');
    expect((await statesOf(others)).map(({ round }) => round)).toEqual([0, 0]);
    expect(await progress(id)).toMatchObject({ matched: 2, replayed: 2 });
  });

  it('while Redis is away waits, and what it began is sent once Redis is back', async () => {
    const letters = await deadLetters(4, await subscribe());
    const id = await ask({ rate_per_s: 2 });
    const redis = await startProxy(world.redisUrl);
    await world.start({ REDIS_URL: redis.url });
    redis.interrupt();
    await eventually(async () => expect((await progress(id)).replayed).toBe(2), PATIENCE_MS);
    redis.resume();
    await ended(id);
    await allHave(letters, 'delivered');
    for (const { event_id } of letters) expect(receiver.of(event_id)).toHaveLength(1);
    await redis.close();
  });
});

describe('a runner that dies', () => {
  class Died extends Error {}

  /** One step, in a process that dies at the given moment; its lease has run out by then. */
  async function dieIn(at: 'before the first' | 'between the groups' | 'before counting'): Promise<void> {
    const { store, producer } = world;
    const directory = createSubscriptionDirectory({ ...store, onUnusable: () => undefined, onMended: () => undefined });
    let raised = 0;
    const replays: Pick<ReplayRepository, 'beginBatch' | 'endStep'> = {
      beginBatch: (step, batch) => store.replays.beginBatch(step, batch),
      endStep: async () => {
        throw new Died();
      },
    };
    const batch = createReplayBatch({
      events: store.events,
      directory,
      producer,
      now,
      onTrouble: () => undefined,
      deliveries: {
        loadForReplay: (scope, ids) => store.deliveries.loadForReplay(scope, ids),
        async replaySelected(scope, selection, round) {
          if (at === 'before the first' || (at === 'between the groups' && raised++ > 0)) throw new Died();
          await store.deliveries.replaySelected(scope, selection, round);
        },
      },
    });
    const step = createReplayStep({ ...store, replays, batch, now });
    await eventually(async () => {
      const replay = await store.replays.takeStep({ token: 'dead', now: now(), leaseMs: 0 });
      if (replay === null) throw new Error('none is due yet');
      await expect(step(replay, 'dead')).rejects.toThrow(Died);
    });
  }

  it.each(['before the first', 'between the groups', 'before counting'] as const)(
    '%s: every delivery gets one new round, and is counted once',
    async (at) => {
      const [well, off] = [await subscribe(), await subscribe()];
      const sent = await deadLetters(24, well);
      const held = await deadLetters(6, off);
      await world.store.subscriptions.update(OPERATOR, off, 1, { status: 'disabled' });
      const id = await ask({ rate_per_s: 26 });
      await dieIn(at);
      expect(await progress(id)).toMatchObject({ matched: 26, replayed: 0, state: 'running' });

      await Promise.all([world.start(), world.start()]);
      await ended(id);
      expect(await progress(id)).toMatchObject({ matched: 30, replayed: 30, failed: 0, skipped: 0 });
      await allHave(sent, 'delivered');
      expect(new Set((await statesOf([...sent, ...held])).map(({ round }) => round))).toEqual(new Set([1]));
      expect(receiver.received).toHaveLength(24);
    },
  );

  it('after it was cancelled: what had begun is counted, and no more is sent', async () => {
    const letters = await deadLetters(15, await subscribe());
    const id = await ask({ rate_per_s: 10 });
    await dieIn('before counting');
    await world.store.replays.cancel(OPERATOR, id, now());
    await world.start();
    await ended(id, 'cancelled');
    expect(await progress(id)).toMatchObject({ matched: 10, replayed: 10, skipped: 0 });
    await eventually(() => expect(receiver.received).toHaveLength(10), PATIENCE_MS);
    expect((await statesOf(letters)).filter(({ round }) => round === 1)).toHaveLength(10);
  });
});
