import type mongoose from 'mongoose';
import { DURABLE } from '../connection/connect.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { anyOf, OPEN, UNFINISHED } from './delivery-states.ts';

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

  /** Ids of deliveries know their event's time to the millisecond; those of events go on counting within it. */
  async findHeld(subscriptionId: string, limit: number): Promise<string[]> {
    const held = await this.#deliveries
      .find<Pick<DeliveryRecord, '_id' | 'event_id'>>(
        { status: anyOf(['held']), subscription_id: subscriptionId },
        { projection: { event_id: 1 } },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    const last = held.at(-1);
    // Others of the last millisecond may lie beyond the limit, so that one is left for the next time.
    const whole =
      held.length < limit || last === undefined
        ? held
        : held.filter(({ event_id }) => event_id < firstIdOfMillisecond(last.event_id));
    return (whole.length > 0 ? whole : held)
      .sort((one, other) => (one.event_id < other.event_id ? -1 : 1))
      .map(({ _id }) => _id);
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

/** Below every id of the millisecond of this one: `evt_` and the 48 bits of its time (RFC 9562, 5.7). */
function firstIdOfMillisecond(eventId: string): string {
  return eventId.slice(0, 16);
}
