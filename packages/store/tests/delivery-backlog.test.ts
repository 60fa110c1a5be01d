import { deliveryIdOf, newId } from '@owngateway/domain';
import type { DeliveryRecord } from '../src/index.ts';
import { deliverySteps, LATER } from './fixtures/delivery-steps.ts';
import { anAttempt } from './fixtures/records.ts';
import { useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const { stored, now } = deliverySteps(context);

describe('the backlog of a subscription', () => {
  const subscription_id = newId('sub');

  it('is held when disabled, and found in the order of its events', async () => {
    const pending = await stored({ subscription_id });
    const retrying = await stored({ subscription_id, status: 'retrying', attempts_made: 2 });
    const failed = await stored({ subscription_id, status: 'failed' });
    expect(await context.store.deliveries.holdForSubscription(subscription_id)).toBe(2);
    expect(await context.store.deliveries.subscriptionsWithHeld(100)).toContain(subscription_id);
    expect(await context.store.deliveries.findHeld(subscription_id, 10)).toEqual([pending._id, retrying._id]);
    expect(await now(failed._id)).toMatchObject({ status: 'failed' });
    expect(await context.store.deliveries.findHeld(newId('sub'), 10)).toEqual([]);
  });

  it('is found in the order in which its events were made, within a millisecond too', async () => {
    const own = newId('sub');
    const eventIds = ['1', '2', '3'].flatMap((millisecond) =>
      ['a', 'b', 'c', 'd'].map((count) => `evt_01990000000${millisecond}7${count.repeat(19)}`),
    );
    const made: string[] = [];
    for (const event_id of eventIds) {
      const _id = deliveryIdOf(event_id, own);
      made.push((await stored({ _id, event_id, subscription_id: own, status: 'held' }))._id);
    }
    expect(await context.store.deliveries.findHeld(own, 100)).toEqual(made);
    // A millisecond that the limit cuts is left for the next time.
    expect(await context.store.deliveries.findHeld(own, 6)).toEqual(made.slice(0, 4));
    expect(await context.store.deliveries.findHeld(own, 2)).toHaveLength(2);
  });

  describe('when the subscription is enabled', () => {
    const claimOf = (deliveryId: string, at = new Date()) => ({
      deliveryId,
      token: newId('att'),
      now: at,
      leaseMs: 1_000,
    });
    const held = (fields: Partial<DeliveryRecord> = {}) => stored({ status: 'held', ...fields });

    it('is taken one by one; each stays held, with its policy begun anew, until its attempt has ended', async () => {
      const { _id } = await held({ attempts_made: 2, round_started_at: new Date(1_000), next_attempt_at: LATER });
      const claim = claimOf(_id);
      expect(await context.store.deliveries.claimHeld(claim)).toMatchObject({
        kind: 'claimed',
        delivery: { status: 'held', attempts_made: 2, round_started_at: claim.now, next_attempt_at: null },
      });
      expect(await now(_id)).toMatchObject({ status: 'held', round_started_at: claim.now });
      const until = new Date(claim.now.getTime() + 1_000);
      expect(await context.store.deliveries.claimHeld(claimOf(_id))).toEqual({ kind: 'busy', until });
      await context.store.deliveries.release({
        deliveryId: _id,
        token: claim.token,
        nextAttemptAt: LATER,
        heldBackBy: null,
      });
      expect(await now(_id)).not.toHaveProperty('lease');
      expect(await now(_id)).toMatchObject({ status: 'held' });
    });

    it('is gone on with after a crash, once the lease of the one under way has run out', async () => {
      const { _id } = await held();
      const claim = claimOf(_id);
      await context.store.deliveries.claimHeld(claim);
      const afterwards = new Date(claim.now.getTime() + 1_001);
      expect(await context.store.deliveries.claimHeld(claimOf(_id, afterwards))).toMatchObject({ kind: 'claimed' });
    });

    it('leaves what is not held any more alone', async () => {
      const pending = await stored({});
      for (const id of [pending._id, 'dlv_missing'])
        expect(await context.store.deliveries.claimHeld(claimOf(id))).toEqual({ kind: 'gone' });
    });

    it('becomes a retry when its attempt failed, which one that was put on hold meanwhile does not', async () => {
      const { _id } = await held();
      const claim = claimOf(_id);
      await context.store.deliveries.claimHeld(claim);
      const settlement = { deliveryId: _id, round: 0, leaseToken: claim.token, attempt: anAttempt() };
      const next = { status: 'retrying', nextAttemptAt: LATER, endsHold: true } as const;
      expect(await context.store.deliveries.settleMany([{ ...settlement, next }])).toEqual(['settled']);
      expect(await now(_id)).toMatchObject({ status: 'retrying', due_at: LATER, attempts_made: 1 });
      expect(await now(_id)).not.toHaveProperty('lease');
    });
  });

  it('is cancelled when the subscription is deleted', async () => {
    const [other, own] = [newId('sub'), newId('sub')];
    const bystander = await stored({ subscription_id: other });
    const waiting = [await stored({ subscription_id: own }), await stored({ subscription_id: own, status: 'held' })];
    const failed = await stored({ subscription_id: own, status: 'failed' });
    expect(await context.store.deliveries.cancelForSubscription(own, LATER)).toBe(2);
    for (const { _id } of waiting) {
      const cancelled = await now(_id);
      expect(cancelled).toMatchObject({ status: 'cancelled', completed_at: LATER, next_attempt_at: null });
      expect(cancelled).not.toHaveProperty('due_at');
    }
    expect(await now(failed._id)).toMatchObject({ status: 'failed' });
    expect(await now(bystander._id)).toMatchObject({ status: 'pending' });
  });
});
