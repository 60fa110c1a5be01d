import { deliveryIdOf } from '@owngateway/domain';
import type { DeliveryRecord, EventRecord, SubscriptionRecord } from '@owngateway/store';

/**
 * The round in which a delivery begins that a replay made. Fan-out begins in round 0; a later round makes the first
 * attempt count as a replay, and a fan-out that comes late only append to it (rule 7).
 */
const REPLAY_BORN_ROUND = 1;

/** The delivery of an event to a recipient that never had one. */
export function replayBornDelivery(event: EventRecord, subscription: SubscriptionRecord, at: Date): DeliveryRecord {
  return {
    _id: deliveryIdOf(event._id, subscription._id),
    event_id: event._id,
    event_type: event.type,
    merchant_id: event.merchant_id,
    owner_key: subscription.owner_key,
    subscription_id: subscription._id,
    transaction_id: null,
    url: subscription.url,
    event_style: subscription.event_style,
    status: 'pending',
    round: REPLAY_BORN_ROUND,
    round_started_at: at,
    attempts_made: 0,
    attempts_total: 0,
    next_attempt_at: at,
    due_at: at,
    held_back_by: null,
    last_outcome: null,
    dead_letter: null,
    created_at: at,
    completed_at: null,
    attempts: [],
  };
}
