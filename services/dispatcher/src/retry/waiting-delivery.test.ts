import type { DeliveryRecord } from '@owngateway/store';
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
import { aDelivery } from '../../tests/support/records.ts';
import type { AttemptEnd, AttemptOrder } from '../delivery/attempt.ts';
import type { Recipient } from '../directory/recipient.ts';
import { createEndpoints } from '../endpoints/endpoints.ts';
import type { Lane } from '../endpoints/process-room.ts';
import { createWaitingDelivery } from './waiting-delivery.ts';

const EVENT = aSendableEvent();

function setUp(options: { delivery?: Partial<DeliveryRecord>; end?: AttemptEnd; recipient?: Recipient | null } = {}) {
  const { end = ended('ok'), recipient = aRecipient() } = options;
  const delivery = aDelivery(EVENT, 'sub_1', {
    next_attempt_at: NOW,
    round_started_at: NOW,
    ...options.delivery,
  });
  const writer = fakeWriter();
  const aftermath = fakeAftermath();
  const endpoints = createEndpoints({ maxInFlight: 10, nowMs: () => NOW_MS, random: () => 0 });
  const calls: unknown[] = [];
  const orders: AttemptOrder[] = [];
  const paced: [string, number][] = [];
  const noted: object[] = [];
  const deliveries = {
    claim: async (claim: object): Promise<DeliveryRecord | null> => {
      calls.push({ claim });
      return delivery;
    },
    release: async (release: object) => void calls.push({ release }),
    giveUp: async (given: object) => {
      calls.push({ giveUp: given });
      return true;
    },
    holdForSubscription: async (id: string) => {
      calls.push({ hold: id });
      return 1;
    },
    cancelForSubscription: async (id: string) => {
      calls.push({ cancelAll: id });
      return 1;
    },
    cancel: async (_scope: object, id: string): Promise<'conflict'> => {
      calls.push({ cancel: id });
      return 'conflict';
    },
  };
  const events = { loadForDelivery: async () => [EVENT] as (Omit<typeof EVENT, 'body'> & { body: string | null })[] };
  const tools = {
    deliveries,
    events,
    directory: {
      refresh: async () => undefined,
      find: () => recipient ?? undefined,
    },
    endpoints,
    attempt: async (order: AttemptOrder) => {
      orders.push(order);
      return end;
    },
    writer,
    aftermath,
    laterPace: { turn: async (merchantId: string, count: number) => void paced.push([merchantId, count]) },
    noteHeldBack: (wait: object) => void noted.push(wait),
    newId: () => 'att_token',
    now,
    random: () => 0.5,
  };
  const work = (lane: Lane = 'first') => createWaitingDelivery(tools).process(delivery._id, delivery.round, null, lane);
  return { tools, work, paced, noted, delivery, deliveries, events, writer, aftermath, endpoints, calls, orders };
}

const released = (nextAttemptAt: Date, heldBackBy: string | null) => ({
  release: expect.objectContaining({ token: 'att_token', nextAttemptAt, heldBackBy }),
});

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('a waiting delivery', () => {
  it('is claimed under its round, for longer than any attempt lasts, then sent and settled', async () => {
    const { work, calls, orders, writer, aftermath, endpoints, delivery } = setUp();
    expect(await work()).toEqual({ kind: 'done' });
    expect(calls).toEqual([
      { claim: { deliveryId: delivery._id, round: 0, token: 'att_token', now: NOW, leaseMs: 50_000 } },
    ]);
    expect(orders).toMatchObject([{ number: 1, round: 0, trigger: 'first', event: { body: EVENT.body } }]);
    expect(writer.settled).toMatchObject([{ leaseToken: 'att_token', next: { status: 'delivered' } }]);
    expect(aftermath.followed).toEqual([{ id: delivery._id, status: 'delivered', withRetry: false }]);
    expect(endpoints.inFlight()).toBe(0);
  });

  it.each<[string, Partial<DeliveryRecord>, Partial<AttemptOrder>]>([
    ['retry', { attempts_made: 2, attempts_total: 5 }, { number: 6, trigger: 'retry' }],
    ['replay', { round: 1, attempts_made: 0, attempts_total: 5 }, { number: 6, round: 1, trigger: 'replay' }],
    ['retry', { round: 1, attempts_made: 1, attempts_total: 6 }, { number: 7, round: 1, trigger: 'retry' }],
  ])('says that its attempt is a %s', async (_name, delivery, order) => {
    const { work, orders } = setUp({ delivery });
    await work();
    expect(orders).toMatchObject([order]);
  });

  it('is left alone when somebody else has it or it has moved on', async () => {
    const { work, deliveries, orders } = setUp();
    deliveries.claim = async () => null;
    expect(await work()).toEqual({ kind: 'done' });
    expect(orders).toEqual([]);
  });

  it('that fails comes back when its policy says, counted by its document and not by the queue', async () => {
    const { work, writer } = setUp({
      end: ended('failed'),
      delivery: { attempts_made: 1, attempts_total: 1 },
      recipient: aRecipient({ retryPolicy: { delays_s: [10, 20] } }),
    });
    const at = new Date(NOW_MS + 20_000);
    expect(await work()).toEqual({ kind: 'retry', at });
    expect(writer.settled).toMatchObject([
      { attempt: { next_attempt_at: at }, next: { status: 'retrying', nextAttemptAt: at } },
    ]);
  });

  it('that fails for the last time is a dead letter', async () => {
    const { work, aftermath } = setUp({ end: ended('failed'), delivery: { attempts_made: 1 } });
    expect(await work()).toEqual({ kind: 'done' });
    expect(aftermath.followed).toMatchObject([{ status: 'failed' }]);
  });

  it('that is answered 410 is held, and the subscription goes off', async () => {
    const { work, aftermath } = setUp({ end: ended('gone') });
    expect(await work()).toEqual({ kind: 'done' });
    expect(aftermath.followed).toMatchObject([{ status: 'held' }]);
  });

  it.each(['appended', 'missing'] as const)('whose result is only %s has nothing follow', async (outcome) => {
    const { work, writer, aftermath } = setUp({ end: ended('failed') });
    writer.settleOutcome = outcome;
    expect(await work()).toEqual({ kind: 'done' });
    expect(aftermath.followed).toEqual([]);
  });

  it('that a stop cuts off goes back at once, without an attempt', async () => {
    const { work, calls, writer } = setUp({ end: { kind: 'interrupted' } });
    expect(await work()).toEqual({ kind: 'defer', at: NOW });
    expect(calls).toContainEqual(released(NOW, null));
    expect(writer.settled).toEqual([]);
  });

  it('that comes too early goes back until its time, and keeps the reason why it waits', async () => {
    const at = new Date(NOW_MS + 501);
    const { work, calls, orders } = setUp({ delivery: { next_attempt_at: at, held_back_by: 'breaker' } });
    expect(await work()).toEqual({ kind: 'defer', at });
    expect(calls).toContainEqual(released(at, 'breaker'));
    expect(orders).toEqual([]);
  });

  it('that comes a little early goes', async () => {
    const { work, orders } = setUp({ delivery: { next_attempt_at: new Date(NOW_MS + 500) } });
    await work();
    expect(orders).toHaveLength(1);
  });

  it('waits for a free slot a moment, then takes the next one on the time line', async () => {
    const { work, endpoints, calls, orders } = setUp();
    endpoints.answered(aRecipient(), 400);
    endpoints.tryTake(aRecipient());
    endpoints.tryTake(aRecipient());
    const job = work();
    await jest.advanceTimersByTimeAsync(100);
    const at = new Date(NOW_MS + 400);
    expect(await job).toEqual({ kind: 'defer', at });
    expect(calls).toContainEqual(released(at, 'in_flight_limit'));
    expect(orders).toEqual([]);
  });

  it('waits until an open breaker lets somebody try', async () => {
    const { work, endpoints, calls } = setUp();
    for (let n = 0; n < 5; n++) endpoints.unanswered(aRecipient(), 5);
    const at = new Date(NOW_MS + 10_000);
    expect(await work()).toEqual({ kind: 'defer', at });
    expect(calls).toContainEqual(released(at, 'breaker'));
    expect(endpoints.inFlight()).toBe(0);
  });

  describe('that an open breaker has held back for longer than its policy goes on, and a day', () => {
    const DAY_MS = 86_400_000;
    const old = { round_started_at: new Date(NOW_MS - DAY_MS) };
    const open = ({ endpoints }: ReturnType<typeof setUp>) => {
      for (let failures = 0; failures < 5; failures++) endpoints.unanswered(aRecipient(), 5);
    };

    it('becomes a dead letter that says so; what was not attempted is not made up', async () => {
      const world = setUp({ delivery: old });
      open(world);
      expect(await world.work()).toEqual({ kind: 'done' });
      const dead = { reason: 'endpoint_unreachable', at: NOW };
      expect(world.calls).toContainEqual({ giveUp: { deliveryId: world.delivery._id, token: 'att_token', ...dead } });
      expect(world.aftermath.followed).toMatchObject([{ status: 'failed', withRetry: false }]);
      expect(world.orders).toEqual([]);
    });

    it('is attempted when the breaker lets it through: it is not given up untried', async () => {
      const { work, orders } = setUp({ delivery: old });
      await work();
      expect(orders).toHaveLength(1);
    });

    it('is looked up although the endpoint is known to be broken, and not before', async () => {
      const world = setUp({ delivery: old });
      open(world);
      const { process } = createWaitingDelivery(world.tools);
      const { _id, round } = world.delivery;
      expect(await process(_id, round, 'sub_1', 'later', DAY_MS - 1)).toMatchObject({ kind: 'defer' });
      expect(await process(_id, round, 'sub_1', 'later', DAY_MS)).toEqual({ kind: 'done' });
    });

    it('less long waits on', async () => {
      const world = setUp({ delivery: { round_started_at: new Date(NOW_MS - DAY_MS + 1) } });
      open(world);
      expect(await world.work()).toMatchObject({ kind: 'defer' });
    });
  });

  it('of a disabled subscription is held with its others', async () => {
    const { work, calls, orders } = setUp({ recipient: aRecipient({ enabled: false }) });
    expect(await work()).toEqual({ kind: 'done' });
    expect(calls.slice(1)).toEqual([released(NOW, null), { hold: 'sub_1' }]);
    expect(orders).toEqual([]);
  });

  it('of an endpoint known to be broken comes back later without asking the store', async () => {
    const { tools, endpoints, delivery, calls, paced, noted } = setUp();
    for (let failures = 0; failures < 5; failures += 1) endpoints.unanswered(aRecipient(), 1);
    const outcome = await createWaitingDelivery(tools).process(delivery._id, delivery.round, 'sub_1', 'later');
    const until = new Date(NOW_MS + 10_000);
    expect(outcome).toEqual({ kind: 'defer', at: until });
    expect([calls, paced]).toEqual([[], []]);
    // Its owner sees why, all the same.
    expect(noted).toEqual([{ deliveryId: delivery._id, round: 0, until, reason: 'breaker' }]);
  });

  it('leaves room to first attempts when it is a later one', async () => {
    const { work, paced } = setUp();
    await work('first');
    expect(paced).toEqual([]);
    await work('later');
    expect(paced).toEqual([['', 1]]);
  });

  it('of a deleted subscription is cancelled with its others (rule 13)', async () => {
    const { work, calls, orders } = setUp({ recipient: null });
    expect(await work()).toEqual({ kind: 'done' });
    expect(calls.slice(1)).toEqual([released(NOW, null), { cancelAll: 'sub_1' }]);
    expect(orders).toEqual([]);
  });

  it('whose event lost its bytes to retention is cancelled', async () => {
    const { work, calls, events, endpoints, delivery } = setUp();
    events.loadForDelivery = async () => [{ ...EVENT, body: null }];
    expect(await work()).toEqual({ kind: 'done' });
    expect(calls).toContainEqual({ cancel: delivery._id });
    expect(endpoints.inFlight()).toBe(0);
  });

  it('is not even claimed while results cannot be written (rule 8)', async () => {
    const { work, writer, calls } = setUp();
    const gate = Promise.withResolvers<void>();
    writer.writable = gate.promise;
    const job = work();
    await settleMicrotasks();
    expect(calls).toEqual([]);
    gate.resolve();
    await job;
    expect(calls).toHaveLength(1);
  });

  it.each(['events', 'writer'] as const)('gives its slot back when the %s cannot be reached', async (what) => {
    const { work, events, writer, endpoints } = setUp();
    const away = () => Promise.reject(new Error('away'));
    if (what === 'events') events.loadForDelivery = away;
    else writer.settle = away;
    await expect(work()).rejects.toThrow('away');
    expect(endpoints.inFlight()).toBe(0);
  });

  it.each(['directory', 'events'] as const)(
    'goes back for the job that comes again when the %s cannot be reached: nothing was sent',
    async (what) => {
      const { tools, work, events, calls, orders } = setUp({ delivery: { held_back_by: 'breaker' } });
      const away = () => Promise.reject(new Error('away'));
      if (what === 'events') events.loadForDelivery = away;
      else tools.directory.refresh = away;
      await expect(work()).rejects.toThrow('away');
      expect(calls).toContainEqual(released(NOW, 'breaker'));
      expect(orders).toEqual([]);
    },
  );

  it('whose result cannot be written keeps its claim: it was sent', async () => {
    const { work, writer, calls } = setUp();
    writer.settle = () => Promise.reject(new Error('away'));
    await expect(work()).rejects.toThrow('away');
    expect(calls).toHaveLength(1);
  });
});
