import { Schema } from 'mongoose';
import type { NotificationItemRecord, NotificationRecord } from './notification-repository.ts';

const itemSchema = new Schema<NotificationItemRecord>(
  {
    dedupe_key: String,
    connector_type: String,
    event_id: String,
    event_type: String,
    reason: String,
  },
  { _id: false, id: false, strict: 'throw' },
);

/** Shard key in mind: `{merchant_id: 1, _id: 1}`. */
export function notificationSchema(keptDays: number) {
  const schema = new Schema<NotificationRecord>(
    {
      _id: String,
      merchant_id: String,
      connector: String,
      connector_account_id: String,
      received_at: Date,
      signed_at: Date,
      headers: Schema.Types.Mixed,
      query: String,
      body: Buffer,
      verdict: String,
      items: [itemSchema],
      round: Number,
      attempts_made: Number,
      due_at: Date,
      detail: String,
    },
    { collection: 'notifications', versionKey: false, strict: 'throw', id: false },
  );
  // list of a merchant, or merged over several.
  schema.index({ merchant_id: 1, _id: 1 });
  // findDue. Most are never in it; the id makes the order of its pages total.
  schema.index({ due_at: 1, _id: 1 }, { partialFilterExpression: { due_at: { $exists: true } } });
  // Expiry.
  schema.index({ received_at: 1 }, { expireAfterSeconds: keptDays * 86_400 });
  return schema;
}
