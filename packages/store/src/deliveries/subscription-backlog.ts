import type mongoose from 'mongoose';
import { DURABLE } from '../connection/connect.ts';
import type { DeliveryRecord, DueDelivery } from './delivery-repository.ts';
import { anyOf, OPEN, UNFINISHED } from './delivery-states.ts';

const FOR_QUEUE = { round: 1, attempts_made: 1, attempts_total: 1 } as const;

/** The deliveries of a subscription that have not ended, when the subscription is disabled, enabled or deleted (rule 13). */
export class SubscriptionBacklog {
  readonly #deliveries: mongoose.mongo.Collection<DeliveryRecord>;

  constructor(deliveries: mongoose.mongo.Collection<DeliveryRecord>) {
    this.#deliveries = deliveries;
  }

  /** A claim stays: its attempt is under way, and releasing the delivery must not start a second one beside it. */
  async hold(subscriptionId: string): Promise<number> {
    const { modifiedCount } = await this.#deliveries.updateMany(
      { status: anyOf(OPEN), subscription_id: subscriptionId },
      { $set: { status: 'held', held_back_by: null }, $unset: { due_at: '' } },
      DURABLE,
    );
    return modifiedCount;
  }

  async cancel(subscriptionId: string, at: Date): Promise<number> {
    const { modifiedCount } = await this.#deliveries.updateMany(
      { status: anyOf(UNFINISHED), subscription_id: subscriptionId },
      {
        $set: { status: 'cancelled', completed_at: at, next_attempt_at: null, held_back_by: null },
        $unset: { lease: '', due_at: '' },
      },
      DURABLE,
    );
    return modifiedCount;
  }

  async release(subscriptionId: string, at: Date, limit: number): Promise<DueDelivery[]> {
    const held = await this.#deliveries
      .find<Pick<DeliveryRecord, '_id' | 'round' | 'attempts_made' | 'attempts_total'>>(
        { status: anyOf(['held']), subscription_id: subscriptionId },
        { projection: FOR_QUEUE },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    const tried = Map.groupBy(held, ({ attempts_made }) => (attempts_made > 0 ? 'retrying' : 'pending'));
    for (const [status, deliveries] of tried) {
      await this.#deliveries.updateMany(
        { _id: { $in: deliveries.map(({ _id }) => _id) }, status: { $in: ['held'] } },
        { $set: { status, next_attempt_at: at, due_at: at } },
        DURABLE,
      );
    }
    return held.map(({ _id, round, attempts_made, attempts_total }) => ({
      _id,
      subscription_id: subscriptionId,
      round,
      status: attempts_made > 0 ? 'retrying' : 'pending',
      attempts_total,
      next_attempt_at: at,
      due_at: at,
    }));
  }

  async subscriptionsWithHeld(limit: number): Promise<string[]> {
    const found = await this.#deliveries
      .aggregate<{ _id: string | null }>([
        { $match: { status: anyOf(['held']) } },
        { $group: { _id: '$subscription_id' } },
        { $limit: limit },
      ])
      .toArray();
    return found.map(({ _id }) => _id).filter((id) => id !== null);
  }
}
