import { Schema } from 'mongoose';
import type { MerchantRecord } from './merchant-repository.ts';

export const merchantSchema = new Schema<MerchantRecord>(
  {
    _id: String,
    name: String,
    portfolio_id: String,
    reseller_id: String,
    created_at: Date,
    updated_at: Date,
    changed_at: Date,
  },
  { collection: 'merchants', versionKey: false, strict: 'throw', id: false },
);

// idsBelow.
merchantSchema.index({ portfolio_id: 1 });
merchantSchema.index({ reseller_id: 1 });
// changedSince.
merchantSchema.index({ changed_at: 1 });
