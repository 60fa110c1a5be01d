import { deliverySteps, LATER, T0 } from './fixtures/delivery-steps.ts';
import { MERCHANT_1, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const { stored, now, claim } = deliverySteps(context);

describe('replay and cancel', () => {
  it('begins a new round from every status', async () => {
    for (const status of ['pending', 'retrying', 'delivered', 'failed', 'cancelled', 'held'] as const) {
      const delivery = await stored({
        status,
        attempts_made: 3,
        attempts_total: 4,
        dead_letter: { reason: 'x', at: T0 },
      });
      const replayed = await context.store.deliveries.replay(MERCHANT_1, delivery._id, LATER);
      expect(replayed).toMatchObject({
        status: 'pending',
        round: 1,
        round_started_at: LATER,
        attempts_made: 0,
        attempts_total: 4,
        next_attempt_at: LATER,
        due_at: LATER,
        dead_letter: null,
        completed_at: null,
      });
      expect(await claim(delivery, 't', T0, 1)).not.toBeNull();
    }
    expect(await context.store.deliveries.replay(MERCHANT_1, 'dlv_none', LATER)).toBe('not_found');
  });

  it('begins no second round while the first attempt of a replay is still to be made', async () => {
    const delivery = await stored({ status: 'delivered' });
    const replay = () => context.store.deliveries.replay(MERCHANT_1, delivery._id, LATER);
    expect(await replay()).toMatchObject({ round: 1 });
    expect(await replay()).toBe('unsent');
    await context.store.deliveries.claim({
      deliveryId: delivery._id,
      round: 1,
      token: 't',
      now: LATER,
      leaseMs: 1_000,
    });
    expect(await replay()).toMatchObject({ round: 2 });
    expect(await now(delivery._id)).toMatchObject({ round: 2, status: 'pending' });
  });

  it('gives each of many at once a round of its own, or refuses it', async () => {
    const delivery = await stored({ status: 'failed' });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => context.store.deliveries.replay(MERCHANT_1, delivery._id, LATER)),
    );
    expect(outcomes.filter((outcome) => outcome === 'unsent')).toHaveLength(7);
    expect(await now(delivery._id)).toMatchObject({ round: 1 });
  });

  it('answers what it wrote', async () => {
    const delivery = await stored({ status: 'retrying', attempts_made: 2 });
    expect(await context.store.deliveries.replay(MERCHANT_1, delivery._id, LATER)).toEqual(await now(delivery._id));
    expect(await context.store.deliveries.cancel(MERCHANT_1, delivery._id, LATER)).toEqual(await now(delivery._id));
  });

  it('cancels what has not ended', async () => {
    const delivery = await stored();
    await claim(delivery, 't');
    const cancelled = await context.store.deliveries.cancel(MERCHANT_1, delivery._id, LATER);
    expect(cancelled).toMatchObject({ status: 'cancelled', completed_at: LATER, next_attempt_at: null });
    expect(cancelled).not.toHaveProperty('lease');
    expect(await context.store.deliveries.cancel(MERCHANT_1, delivery._id, LATER)).toBe('conflict');
    expect(await context.store.deliveries.cancel(MERCHANT_1, 'dlv_none', LATER)).toBe('not_found');
  });
});
