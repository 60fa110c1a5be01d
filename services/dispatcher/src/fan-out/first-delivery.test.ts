import { deliveryIdOf } from '@owngateway/domain';
import type { DeliveryToEnqueue } from '@owngateway/queue';
import type { DeliveryRepository } from '@owngateway/store';
import {
  aRecipient,
  aSendableEvent,
  ended,
  fakeAftermath,
  fakeWriter,
  NOW,
  NOW_MS,
  now,
  settleMicrotasks,
} from '../../tests/support/fakes.ts';
import type { AttemptEnd, AttemptOrder } from '../delivery/attempt.ts';
import { createEndpoints } from '../endpoints/endpoints.ts';
import { createFirstDelivery } from './first-delivery.ts';

const RECIPIENT = aRecipient();
const EVENT = aSendableEvent();
const DELIVERY_ID = deliveryIdOf(EVENT._id, RECIPIENT.id);

function setUp(attempt: () => Promise<AttemptEnd>) {
  const writer = fakeWriter();
  const aftermath = fakeAftermath();
  const endpoints = createEndpoints({ maxInFlight: 10, nowMs: () => NOW_MS, random: () => 0 });
  const orders: AttemptOrder[] = [];
  const enqueued: DeliveryToEnqueue[] = [];
  const troubles: string[] = [];
  const released: Parameters<DeliveryRepository['release']>[0][] = [];
  const producer = {
    addDeliveries: async (list: readonly DeliveryToEnqueue[]) => void enqueued.push(...list),
  };
  const first = createFirstDelivery({
    attempt: (order) => {
      orders.push(order);
      return attempt();
    },
    writer,
    aftermath,
    endpoints,
    deliveries: { release: async (claim) => void released.push(claim) },
    producer,
    newId: () => 'att_lease',
    now,
    random: () => 0.5,
    onTrouble: (what) => void troubles.push(what),
  });
  return { first, writer, aftermath, endpoints, orders, enqueued, troubles, released, producer };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('a first attempt that goes at once', () => {
  it('and is received writes one document, and nothing follows', async () => {
    const { first, writer, aftermath, endpoints, orders, enqueued } = setUp(async () => ended('ok'));
    await first.deliver(EVENT, RECIPIENT);
    expect(orders).toMatchObject([{ deliveryId: DELIVERY_ID, number: 1, round: 0, trigger: 'first' }]);
    expect(writer.inserted).toMatchObject([
      { _id: DELIVERY_ID, status: 'delivered', attempts_made: 1, attempts_total: 1, completed_at: NOW },
    ]);
    expect(writer.inserted[0]).not.toHaveProperty('due_at');
    expect([aftermath.followed, enqueued, writer.settled]).toEqual([[], [], []]);
    expect(endpoints.inFlight()).toBe(0);
  });

  it('and fails writes when it is due again, and its job follows', async () => {
    const { first, writer, aftermath } = setUp(async () => ended('failed'));
    await first.deliver(EVENT, RECIPIENT);
    const dueAt = new Date(NOW_MS + 60_000);
    expect(writer.inserted).toMatchObject([{ status: 'retrying', next_attempt_at: dueAt, due_at: dueAt }]);
    expect(writer.inserted[0]?.attempts).toMatchObject([{ outcome: 'http_error', next_attempt_at: dueAt }]);
    expect(aftermath.followed).toEqual([{ id: DELIVERY_ID, status: 'retrying', withRetry: true }]);
  });

  it('and fails for the last time is a dead letter', async () => {
    const { first, writer, aftermath } = setUp(async () => ended('failed'));
    await first.deliver(EVENT, aRecipient({ retryPolicy: { delays_s: [] } }));
    expect(writer.inserted).toMatchObject([
      { status: 'failed', dead_letter: { reason: 'retries_exhausted', at: NOW } },
    ]);
    expect(aftermath.followed).toMatchObject([{ status: 'failed' }]);
  });

  it('and is answered 410 is held, and the subscription goes off', async () => {
    const { first, writer, aftermath } = setUp(async () => ended('gone'));
    await first.deliver(EVENT, RECIPIENT);
    expect(writer.inserted).toMatchObject([{ status: 'held', next_attempt_at: null }]);
    expect(aftermath.followed).toMatchObject([{ status: 'held' }]);
  });

  it('of a delivery that exists keeps the attempt beside what is there', async () => {
    const { first, writer, aftermath } = setUp(async () => ended('failed'));
    writer.insertOutcome = 'exists';
    await first.deliver(EVENT, RECIPIENT);
    expect(writer.settled).toMatchObject([
      { deliveryId: DELIVERY_ID, round: 0, leaseToken: null, next: { status: 'retrying' } },
    ]);
    expect(aftermath.followed).toHaveLength(1);
  });

  it('and does not decide has nothing follow: no second retry, no dead letter of a delivered one', async () => {
    const { first, writer, aftermath } = setUp(async () => ended('failed'));
    writer.insertOutcome = 'exists';
    writer.settleOutcome = 'appended';
    await first.deliver(EVENT, RECIPIENT);
    expect(aftermath.followed).toEqual([]);
  });

  it('waits while results cannot be written (rule 8)', async () => {
    const { first, writer, orders } = setUp(async () => ended('ok'));
    const gate = Promise.withResolvers<void>();
    writer.writable = gate.promise;
    const delivering = first.deliver(EVENT, RECIPIENT);
    await settleMicrotasks();
    expect(orders).toEqual([]);
    gate.resolve();
    await delivering;
    expect(orders).toHaveLength(1);
  });

  it('gives its slot back when the result cannot be written', async () => {
    const { first, writer, endpoints } = setUp(async () => ended('ok'));
    writer.insert = () => Promise.reject(new Error('refused'));
    await expect(first.deliver(EVENT, RECIPIENT)).rejects.toThrow('refused');
    expect(endpoints.inFlight()).toBe(0);
  });
});

describe('a slow attempt', () => {
  it('leaves its job after a second, with a lease, and settles under it', async () => {
    const answer = Promise.withResolvers<AttemptEnd>();
    const { first, writer, aftermath, endpoints } = setUp(() => answer.promise);
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(999);
    expect(writer.inserted).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await job;
    const until = new Date(NOW_MS + RECIPIENT.timeoutMs + 10_000);
    expect(writer.inserted).toMatchObject([
      { status: 'pending', attempts_made: 0, lease: { token: 'att_lease', until }, due_at: until },
    ]);
    expect(endpoints.isHealthy(RECIPIENT)).toBe(false);
    expect(endpoints.inFlight()).toBe(1);

    answer.resolve(ended('failed'));
    await first.detached();
    expect(writer.settled).toMatchObject([{ leaseToken: 'att_lease', round: 0, next: { status: 'retrying' } }]);
    expect(aftermath.followed).toEqual([{ id: DELIVERY_ID, status: 'retrying', withRetry: true }]);
    expect(endpoints.inFlight()).toBe(0);
  });

  it('has nothing follow when somebody else has it by then', async () => {
    const answer = Promise.withResolvers<AttemptEnd>();
    const { first, writer, aftermath } = setUp(() => answer.promise);
    writer.insertOutcome = 'exists';
    writer.settleOutcome = 'appended';
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(1_000);
    await job;
    answer.resolve(ended('failed'));
    await first.detached();
    expect(writer.settled).toMatchObject([{ leaseToken: null }]);
    expect(aftermath.followed).toEqual([]);
  });

  it('that a stop cuts off gives its lease back and gets a job, so that the next process sends it at once', async () => {
    const answer = Promise.withResolvers<AttemptEnd>();
    const { first, writer, endpoints, released, enqueued } = setUp(() => answer.promise);
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(1_000);
    await job;
    answer.resolve({ kind: 'interrupted' });
    await first.detached();
    expect(writer.settled).toEqual([]);
    expect(released).toEqual([{ deliveryId: DELIVERY_ID, token: 'att_lease', nextAttemptAt: NOW, heldBackBy: null }]);
    expect(enqueued).toEqual([{ deliveryId: DELIVERY_ID, round: 0, subscriptionId: 'sub_1', delayMs: 0 }]);
    expect(endpoints.inFlight()).toBe(0);
  });

  it('that a stop cuts off leaves the lease of somebody else alone', async () => {
    const answer = Promise.withResolvers<AttemptEnd>();
    const { first, writer, released, enqueued } = setUp(() => answer.promise);
    writer.insertOutcome = 'exists';
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(1_000);
    await job;
    answer.resolve({ kind: 'interrupted' });
    await first.detached();
    expect([released, enqueued]).toEqual([[], []]);
  });

  it('whose result can never be written is trouble, not a crash', async () => {
    const answer = Promise.withResolvers<AttemptEnd>();
    const { first, writer, troubles } = setUp(() => answer.promise);
    writer.settle = () => Promise.reject(new Error('abandoned'));
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(1_000);
    await job;
    answer.resolve(ended('ok'));
    await first.detached();
    expect(troubles).toEqual(['settle']);
  });
});

describe('a delivery that cannot go at once', () => {
  it('for an endpoint without a free slot waits a second, then becomes a job of its own', async () => {
    const { first, endpoints, orders, writer, enqueued } = setUp(async () => ended('ok'));
    endpoints.answered(RECIPIENT, 200);
    endpoints.tryTake(RECIPIENT);
    endpoints.tryTake(RECIPIENT);
    const job = first.deliver(EVENT, RECIPIENT);
    await jest.advanceTimersByTimeAsync(1_000);
    await job;
    const at = new Date(NOW_MS + 200);
    expect(orders).toEqual([]);
    expect(writer.inserted).toMatchObject([
      { status: 'pending', next_attempt_at: at, due_at: at, held_back_by: 'in_flight_limit' },
    ]);
    expect(enqueued).toEqual([{ deliveryId: DELIVERY_ID, round: 0, subscriptionId: 'sub_1', delayMs: 200 }]);
  });

  it('for an open breaker comes back when it lets somebody try', async () => {
    const { first, endpoints, orders, writer, enqueued } = setUp(async () => ended('ok'));
    for (let n = 0; n < 5; n++) endpoints.unanswered(RECIPIENT, 5);
    await first.deliver(EVENT, RECIPIENT);
    expect(orders).toEqual([]);
    expect(writer.inserted).toMatchObject([{ held_back_by: 'breaker', due_at: new Date(NOW_MS + 10_000) }]);
    expect(enqueued).toMatchObject([{ delayMs: 10_000 }]);
  });

  it('is written although its job cannot be added: the sweeper finds it', async () => {
    const { first, endpoints, writer, producer, troubles } = setUp(async () => ended('ok'));
    endpoints.stillWaiting(RECIPIENT, 2_000);
    producer.addDeliveries = () => Promise.reject(new Error('away'));
    await first.deliver(EVENT, RECIPIENT);
    expect(writer.inserted).toHaveLength(1);
    expect(troubles).toEqual(['enqueue']);
  });

  it('for a disabled subscription is held', async () => {
    const { first, orders, writer } = setUp(async () => ended('ok'));
    await first.deliver(EVENT, aRecipient({ enabled: false }));
    expect(orders).toEqual([]);
    expect(writer.inserted).toMatchObject([{ status: 'held', attempts_made: 0 }]);
    expect(writer.inserted[0]).not.toHaveProperty('due_at');
  });

  it('because a stop cut it off is handed over, without an attempt', async () => {
    const { first, writer, enqueued, endpoints } = setUp(async () => ({ kind: 'interrupted' }));
    await first.deliver(EVENT, RECIPIENT);
    expect(writer.inserted).toMatchObject([{ status: 'pending', attempts_made: 0, attempts: [] }]);
    expect(enqueued).toHaveLength(1);
    expect(endpoints.inFlight()).toBe(0);
  });
});
