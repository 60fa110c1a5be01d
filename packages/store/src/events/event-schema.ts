import { Schema } from 'mongoose';
import type { EventRecord } from './event-repository.ts';

/**
 * Shard key in mind: `{merchant_id: 1, dedupe_key: 1}`, so that the unique index stays possible; reads by id then ask
 * every shard, in groups.
 */
export const eventSchema = new Schema<EventRecord>(
  {
    _id: String,
    merchant_id: String,
    owner_key: { type: String, required: false },
    dedupe_key: String,
    type: String,
    origin: String,
    object_type: String,
    connector: String,
    connector_account_id: String,
    notification_id: String,
    references: [String],
    occurred_at: Date,
    created_at: Date,
    body: String,
    awaiting_fan_out_since: Date,
    awaiting_overflow_since: Date,
    body_kept_since: Date,
  },
  { collection: 'events', versionKey: false, strict: 'throw', id: false },
);

// insertMany: what is a duplicate (rule 1).
eventSchema.index({ merchant_id: 1, dedupe_key: 1 }, { unique: true });
// findAwaitingFanOut. Leaves with the mark, so it holds only what is under way.
eventSchema.index({ awaiting_fan_out_since: 1 }, { sparse: true });
// The same for the overflow lane, apart: a flood that waits there is not in the way of a look at the others.
eventSchema.index({ awaiting_overflow_since: 1 }, { sparse: true });
// list of a merchant, or merged over the merchants of a portfolio or reseller.
eventSchema.index({ merchant_id: 1, _id: 1 });
// list by object reference, for one merchant, several, or all.
eventSchema.index({ references: 1, merchant_id: 1, _id: 1 });
// expire: events whose body outlived its time because a delivery had not ended. Almost always empty.
eventSchema.index({ body_kept_since: 1 }, { sparse: true });
