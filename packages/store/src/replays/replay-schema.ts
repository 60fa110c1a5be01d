import { Schema } from 'mongoose';
import type { ReplayRecord } from './replay-repository.ts';

/** How long a replay that has ended can be looked at. */
const KEPT_S = 90 * 86_400;

const strict = { _id: false, id: false, strict: 'throw' } as const;
const position = new Schema({ stretch: Number, after: { type: String, default: null } }, strict);
const selection = new Schema(
  {
    status: [String],
    subscription_id: String,
    types: { type: [String], default: null },
    merchant_id: String,
    since: Date,
    until: Date,
    snapshot_at: Date,
  },
  strict,
);

/** Few and small: shard key `{_id: 1}`, or left on one shard. */
export const replaySchema = new Schema<ReplayRecord>(
  {
    _id: String,
    owner_key: String,
    owner: { type: new Schema({ level: String, id: String }, strict) },
    selection: { type: selection },
    rate_per_s: Number,
    state: String,
    position: { type: position },
    batch: { type: new Schema({ ids: [String], next: { type: position, default: null } }, strict), default: null },
    matched: Number,
    replayed: Number,
    failed: Number,
    skipped: Number,
    failures: { type: new Schema({ payload_gone: Number, subscription_deleted: Number }, strict) },
    next_step_at: Date,
    lease_token: String,
    created_at: Date,
    completed_at: Date,
  },
  { collection: 'replays', versionKey: false, strict: 'throw', id: false },
);

// list of an owner, or merged over several.
replaySchema.index({ owner_key: 1, _id: 1 });
// countRunning.
replaySchema.index({ owner_key: 1, state: 1 });
// takeStep; what has ended is not in it.
replaySchema.index({ next_step_at: 1 }, { partialFilterExpression: { next_step_at: { $exists: true } } });
// Retention: null, while it runs, is no date and never expires.
replaySchema.index({ completed_at: 1 }, { expireAfterSeconds: KEPT_S });
