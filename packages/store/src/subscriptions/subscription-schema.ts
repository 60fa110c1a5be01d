import { Schema } from 'mongoose';
import type { SubscriptionRecord } from './subscription-repository.ts';

/** A subscription as MongoDB has it: `authentication`, `headers`, `tls` and the values of signing secrets are sealed texts. */
export type StoredSubscription = Omit<SubscriptionRecord, 'authentication' | 'headers' | 'tls' | 'signing'> & {
  /** Null in a tombstone. */
  authentication: string | null;
  /** Custom headers often carry tokens, so all of them are sealed. Null in a tombstone. */
  headers: string | null;
  /** Null where there is none, and in a tombstone. */
  tls: string | null;
  signing: { scheme: 'hmac-sha256'; secrets: { value: string; created_at: Date; expires_at: Date | null }[] };
};

/** Tombstones outlive every cache by far. */
const TOMBSTONE_DAYS = 30;

/** Grows with the number of merchants, not with traffic. Shard key in mind: `{owner_key: 1, _id: 1}`. */
export const subscriptionSchema = new Schema<StoredSubscription>(
  {
    _id: String,
    owner: { type: new Schema({ level: String, id: String }, { _id: false, id: false, strict: 'throw' }) },
    owner_key: String,
    url: String,
    description: String,
    event_types: [String],
    status: String,
    status_reason: String,
    // `sealed`: sealed anew when the encryption keys rotate (secrets/sealed-places.ts).
    authentication: { type: String, sealed: true },
    headers: { type: String, sealed: true },
    tls: { type: String, sealed: true },
    signing: { type: Schema.Types.Mixed, sealed: ['secrets[].value'] },
    event_style: String,
    success: String,
    retry_policy: Schema.Types.Mixed,
    max_in_flight: Number,
    rate_limit_per_s: Number,
    timeout_ms: Number,
    auto_disable: Schema.Types.Mixed,
    failing_since: Date,
    enabled_at: Date,
    announcement: {
      type: new Schema(
        { event_id: String, at: Date, disabled_for: String, failing_since: Date },
        { _id: false, id: false, strict: 'throw' },
      ),
      required: false,
    },
    created_at: Date,
    updated_at: Date,
    changed_at: Date,
    version: Number,
    deleted_at: Date,
  },
  { collection: 'subscriptions', versionKey: false, strict: 'throw', id: false, minimize: false },
);

// list of an owner, or merged over the owners that a portfolio or reseller reaches.
subscriptionSchema.index({ owner_key: 1, _id: 1 });
// findAnnouncementsDue. Almost always empty.
subscriptionSchema.index({ 'announcement.at': 1 }, { sparse: true });
// changedSince.
subscriptionSchema.index({ changed_at: 1 });
// Expiry of tombstones; null is no date and never expires.
subscriptionSchema.index({ deleted_at: 1 }, { expireAfterSeconds: TOMBSTONE_DAYS * 86_400 });
