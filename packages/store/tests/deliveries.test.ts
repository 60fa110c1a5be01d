import { newId } from '@owngateway/domain';
import type { DeliveryRecord, Settlement } from '../src/index.ts';
import { deliverySteps, LATER, LEASE_MS, settlement, T0 } from './fixtures/delivery-steps.ts';
import { aDelivered, aDelivery, anAttempt } from './fixtures/records.ts';
import { MERCHANT_1, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const { stored, now, claim } = deliverySteps(context);
const settle = async (one: Settlement) => (await context.store.deliveries.settleMany([one]))[0];
const DELIVERED = { status: 'delivered', completedAt: LATER } as const;
const FAILED = { status: 'failed', reason: 'exhausted', at: LATER } as const;

describe('first writes', () => {
  it('stores a group once, and says which existed', async () => {
    const [one, two] = [aDelivered(), aDelivery()];
    expect(await context.store.deliveries.insertMany([one])).toEqual(['inserted']);
    expect(await context.store.deliveries.insertMany([{ ...one, url: 'https://other.example' }, two])).toEqual([
      'exists',
      'inserted',
    ]);
    expect(await now(one._id)).toEqual(one);
    expect(await context.store.deliveries.loadExisting([one._id, two._id, 'dlv_none'])).toEqual(
      new Map([
        [one._id, one],
        [two._id, two],
      ]),
    );
  });
});

describe('claims', () => {
  it('go to one of many', async () => {
    const delivery = await stored();
    const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => claim(delivery, `t${index}`)));
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
    const until = new Date(T0.getTime() + LEASE_MS);
    expect(await now(delivery._id)).toMatchObject({ lease: { until }, due_at: until, status: 'pending' });
  });

  it('are refused for another round, an ended, a held or a missing delivery', async () => {
    const delivery = await stored();
    expect(await claim(delivery, 't', T0, 1)).toBeNull();
    for (const status of ['delivered', 'failed', 'cancelled', 'held'] as const) {
      expect(await claim(await stored({ status }), 't')).toBeNull();
    }
    expect(await claim(aDelivery(), 't')).toBeNull();
  });

  it('fall to another once the lease has passed, and not before', async () => {
    const delivery = await stored();
    await claim(delivery, 'first');
    expect(await claim(delivery, 'second', new Date(T0.getTime() + LEASE_MS))).toBeNull();
    expect(await claim(delivery, 'second', new Date(T0.getTime() + LEASE_MS + 1))).toMatchObject({
      lease: { token: 'second' },
    });
  });

  it('can be given back, by their holder only', async () => {
    const delivery = await stored();
    await claim(delivery, 'mine');
    const back = { deliveryId: delivery._id, nextAttemptAt: LATER, heldBackBy: 'breaker' } as const;
    await context.store.deliveries.release({ ...back, token: 'other' });
    expect(await now(delivery._id)).toHaveProperty('lease');
    await context.store.deliveries.release({ ...back, token: 'mine' });
    const released = await now(delivery._id);
    expect(released).toMatchObject({ next_attempt_at: LATER, due_at: LATER, held_back_by: 'breaker' });
    expect(released).not.toHaveProperty('lease');
  });
});

describe('settling', () => {
  it('writes the state that each result asks for', async () => {
    const cases = [
      [
        { status: 'retrying', nextAttemptAt: LATER },
        { status: 'retrying', next_attempt_at: LATER, due_at: LATER },
      ],
      [DELIVERED, { status: 'delivered', next_attempt_at: null, completed_at: LATER, dead_letter: null }],
      [
        FAILED,
        {
          status: 'failed',
          next_attempt_at: null,
          completed_at: LATER,
          dead_letter: { reason: 'exhausted', at: LATER },
        },
      ],
      [{ status: 'held' }, { status: 'held', next_attempt_at: null, completed_at: null }],
    ] as const;
    const deliveries = await Promise.all(cases.map(() => stored({ held_back_by: 'rate_limit' })));
    for (const delivery of deliveries) await claim(delivery, 'mine');
    const settlements = cases.map(([next], index) =>
      settlement(deliveries[index] as DeliveryRecord, { leaseToken: 'mine', next }),
    );
    expect(await context.store.deliveries.settleMany(settlements)).toEqual(cases.map(() => 'settled'));
    for (const [index, [next, expected]] of cases.entries()) {
      const written = await now((deliveries[index] as DeliveryRecord)._id);
      expect(written).toMatchObject({
        ...expected,
        attempts_made: 1,
        attempts_total: 1,
        held_back_by: null,
        last_outcome: 'http_error',
        attempts: [settlements[index]?.attempt],
      });
      expect(written).not.toHaveProperty('lease');
      if (next.status !== 'retrying') expect(written).not.toHaveProperty('due_at');
    }
  });

  it('only appends when the claim was lost, or somebody else has one', async () => {
    const delivery = await stored();
    await claim(delivery, 'winner');
    expect(await settle(settlement(delivery, { leaseToken: 'loser' }))).toBe('appended');
    expect(await settle(settlement(delivery, { leaseToken: null, next: FAILED }))).toBe('appended');
    expect(await now(delivery._id)).toMatchObject({
      status: 'pending',
      attempts_made: 0,
      attempts_total: 2,
      lease: { token: 'winner' },
    });
  });

  it('lets delivered win within its round, whatever others found', async () => {
    for (const status of ['retrying', 'failed', 'held', 'cancelled'] as const) {
      const delivery = await stored({ status, dead_letter: { reason: 'x', at: T0 } });
      expect(await settle(settlement(delivery, { leaseToken: 'lost', next: DELIVERED }))).toBe('settled');
      expect(await now(delivery._id)).toMatchObject({ status: 'delivered', dead_letter: null, completed_at: LATER });
      expect(await settle(settlement(delivery, { next: FAILED }))).toBe('appended');
      expect(await settle(settlement(delivery, { next: { status: 'delivered', completedAt: T0 } }))).toBe('appended');
      expect(await now(delivery._id)).toMatchObject({ status: 'delivered', completed_at: LATER, attempts_total: 3 });
    }
  });

  it('only appends results of an older round, delivered ones too', async () => {
    const delivery = await stored();
    await claim(delivery, 'old');
    await context.store.deliveries.replay(MERCHANT_1, delivery._id, LATER);
    for (const next of [DELIVERED, FAILED, { status: 'retrying', nextAttemptAt: T0 } as const]) {
      expect(await settle(settlement(delivery, { leaseToken: 'old', next }))).toBe('appended');
    }
    expect(await now(delivery._id)).toMatchObject({
      round: 1,
      status: 'pending',
      attempts_made: 0,
      attempts_total: 3,
      due_at: LATER,
    });
  });

  it('counts the retry of a delivery that was put on hold meanwhile, and leaves the hold', async () => {
    const delivery = await stored({ subscription_id: newId('sub') });
    await claim(delivery, 'mine');
    expect(await context.store.deliveries.holdForSubscription(delivery.subscription_id ?? '')).toBe(1);
    expect(await settle(settlement(delivery, { leaseToken: 'mine' }))).toBe('settled');
    const written = await now(delivery._id);
    expect(written).toMatchObject({ status: 'held', attempts_made: 1, next_attempt_at: LATER });
    expect(written).not.toHaveProperty('lease');
    expect(written).not.toHaveProperty('due_at');
  });

  it('writes the same attempt once, however often it is written, and answers alike', async () => {
    const delivery = await stored();
    for (const next of [{ status: 'retrying', nextAttemptAt: LATER }, DELIVERED] as const) {
      const one = settlement(delivery, { next });
      expect(await settle(one)).toBe('settled');
      expect(await settle(one)).toBe('settled');
    }
    const late = settlement(delivery, { next: FAILED });
    expect(await settle(late)).toBe('appended');
    expect(await settle(late)).toBe('appended');
    expect(await now(delivery._id)).toMatchObject({ status: 'delivered', attempts_total: 3, attempts_made: 2 });
  });

  it('answers for each of a mixed group, in order', async () => {
    const [fine, lost] = [await stored(), await stored()];
    await claim(lost, 'other');
    expect(
      await context.store.deliveries.settleMany([
        settlement(fine),
        settlement(lost, { leaseToken: 'gone' }),
        settlement(aDelivery()),
        settlement(lost, { next: DELIVERED }),
      ]),
    ).toEqual(['settled', 'appended', 'missing', 'settled']);
    expect(await context.store.deliveries.settleMany([])).toEqual([]);
  });

  it('keeps the last 100 attempts and counts all', async () => {
    const delivery = await stored();
    const all = Array.from({ length: 105 }, (_, index) =>
      settlement(delivery, { attempt: anAttempt({ number: index + 1 }) }),
    );
    await context.store.deliveries.settleMany(all);
    const { attempts, attempts_total } = await now(delivery._id);
    expect(attempts_total).toBe(105);
    expect(attempts).toHaveLength(100);
    expect(attempts.at(-1)?.number).toBe(105);
  });
});

describe('the sweeper', () => {
  it('pages through what is due, oldest first, and passes over what has ended', async () => {
    const due_at = new Date('2020-01-01T00:00:00Z');
    const earlier = new Date('2019-01-01T00:00:00Z');
    const same = await Promise.all([1, 2, 3].map(() => stored({ due_at })));
    const first = await stored({ due_at: earlier, status: 'retrying' });
    await context.store.deliveries.insertMany([aDelivered(), aDelivery({ status: 'failed', due_at })]);
    const expected = [first._id, ...same.map(({ _id }) => _id).sort()];
    const olderThan = new Date('2020-06-01T00:00:00Z');
    const seen: string[] = [];
    let page = await context.store.deliveries.findDue({ olderThan, after: null, limit: 2 });
    while (page.length > 0) {
      seen.push(...page.map(({ _id }) => _id));
      page = await context.store.deliveries.findDue({ olderThan, after: page.at(-1) ?? null, limit: 2 });
    }
    expect(seen).toEqual(expected);
    expect(await context.store.deliveries.findDue({ olderThan, after: null, limit: 1 })).toEqual([
      {
        _id: first._id,
        subscription_id: 'sub_1',
        round: 0,
        status: 'retrying',
        attempts_total: 0,
        next_attempt_at: T0,
        due_at: earlier,
      },
    ]);
  });

  it('deletes what ended long ago and nothing that has not', async () => {
    const event = (suffix: string) => `evt_00000000000${suffix}${'a'.repeat(20)}`;
    const ended = aDelivered({ event_id: event('1') });
    const waiting = aDelivery({ event_id: event('2'), status: 'held' });
    await context.store.deliveries.insertMany([ended, waiting]);
    expect(await context.store.deliveries.expire({ before: new Date(1000), limit: 10 })).toBe(1);
    expect([...(await context.store.deliveries.loadExisting([ended._id, waiting._id])).keys()]).toEqual([waiting._id]);
  });
});

describe('giving up', () => {
  it('ends a claim with a dead letter and no attempt, once', async () => {
    const delivery = await stored({ attempts_made: 1, attempts_total: 1, held_back_by: 'breaker' });
    await claim(delivery, 'mine');
    const given = { deliveryId: delivery._id, reason: 'endpoint_unreachable', at: LATER };
    expect(await context.store.deliveries.giveUp({ ...given, token: 'not mine' })).toBe(false);
    expect(await context.store.deliveries.giveUp({ ...given, token: 'mine' })).toBe(true);
    expect(await context.store.deliveries.giveUp({ ...given, token: 'mine' })).toBe(false);
    const dead = await now(delivery._id);
    expect(dead).toMatchObject({
      status: 'failed',
      dead_letter: { reason: 'endpoint_unreachable', at: LATER },
      completed_at: LATER,
      attempts_total: 1,
      held_back_by: null,
    });
    expect(dead).not.toHaveProperty('lease');
    expect(dead).not.toHaveProperty('due_at');
  });
});

describe('noting that deliveries are held back', () => {
  const note = (delivery: DeliveryRecord, fields: { round?: number; until?: Date } = {}) =>
    context.store.deliveries.noteHeldBack([
      { deliveryId: delivery._id, round: delivery.round, until: LATER, reason: 'ramp', ...fields },
    ]);

  it('says why, and when they are due', async () => {
    const waiting = await stored({ next_attempt_at: T0, due_at: T0 });
    await note(waiting);
    expect(await now(waiting._id)).toMatchObject({ held_back_by: 'ramp', next_attempt_at: LATER, due_at: LATER });
  });

  it('leaves alone what has moved on meanwhile', async () => {
    const claimed = await stored({ next_attempt_at: T0, due_at: T0 });
    await claim(claimed, 'token');
    const dueLater = await stored({ next_attempt_at: LATER, due_at: LATER });
    const ended = await stored({ status: 'delivered', next_attempt_at: null });
    const replayed = await stored({ round: 1, next_attempt_at: T0, due_at: T0 });
    for (const delivery of [claimed, dueLater, ended]) await note(delivery);
    await note(replayed, { round: 0 });
    for (const { _id } of [claimed, dueLater, ended, replayed])
      expect(await now(_id)).toMatchObject({ held_back_by: null });
    await context.store.deliveries.noteHeldBack([]);
  });
});
