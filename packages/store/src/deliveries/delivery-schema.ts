import { Schema } from 'mongoose';
import type { AttemptRecord, DeliveryRecord } from './delivery-record.ts';
import { NOT_DELIVERED_NOR_CANCELLED } from './delivery-states.ts';

const attemptSchema = new Schema<AttemptRecord>(
  {
    _id: String,
    number: Number,
    round: Number,
    trigger: String,
    started_at: Date,
    duration_ms: Number,
    outcome: String,
    http_status: Number,
    response_headers: Schema.Types.Mixed,
    response_body: String,
    retry_after_s: Number,
    next_attempt_at: Date,
    failure: {
      type: new Schema({ reason: String, request_sent: Boolean }, { _id: false, strict: 'throw' }),
      required: false,
    },
  },
  { strict: 'throw', id: false },
);

/**
 * Shard key in mind: `{owner_key: 1, _id: 1}`; writes by id then ask every shard, in groups, unless the owner is added
 * to them.
 */
export const deliverySchema = new Schema<DeliveryRecord>(
  {
    _id: String,
    event_id: String,
    event_type: String,
    merchant_id: String,
    owner_key: String,
    subscription_id: String,
    transaction_id: String,
    url: String,
    event_style: String,
    status: String,
    round: Number,
    round_started_at: Date,
    attempts_made: Number,
    attempts_total: Number,
    next_attempt_at: Date,
    lease: { type: new Schema({ token: String, until: Date }, { _id: false, strict: 'throw' }), required: false },
    due_at: Date,
    held_back_by: String,
    last_outcome: String,
    dead_letter: { type: new Schema({ reason: String, at: Date }, { _id: false, strict: 'throw' }), default: null },
    created_at: Date,
    completed_at: Date,
    replayed_by: { type: [String], default: undefined },
    attempts: [attemptSchema],
  },
  { collection: 'deliveries', versionKey: false, strict: 'throw', id: false },
);

// The deliveries of an event have no index of their own: they are a short range of `_id` (`deliveryIdRangeOf`).

// findDue. A delivery that ended is not in it; the id makes the order of its pages total.
deliverySchema.index({ due_at: 1, _id: 1 }, { partialFilterExpression: { due_at: { $exists: true } } });
// list of an owner, or merged over the owners that a portfolio or reseller reaches.
deliverySchema.index({ owner_key: 1, _id: 1 });
// list of an owner's failed, held or waiting deliveries among a thousand times as many delivered ones.
deliverySchema.index(
  { owner_key: 1, status: 1, _id: 1 },
  { partialFilterExpression: { status: NOT_DELIVERED_NOR_CANCELLED } },
);
// subscriptionsWithHeld, holdForSubscription, cancelForSubscription, findHeld, list of a subscription's failed ones.
deliverySchema.index(
  { status: 1, subscription_id: 1, _id: 1 },
  { partialFilterExpression: { status: NOT_DELIVERED_NOR_CANCELLED } },
);
