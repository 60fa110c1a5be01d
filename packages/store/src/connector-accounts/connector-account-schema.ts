import { Schema } from 'mongoose';
import type { ConnectorAccountRecord } from './connector-account-repository.ts';

/** A connector account as MongoDB has it: all its credentials are one sealed text. */
export type StoredConnectorAccount = Omit<ConnectorAccountRecord, 'credentials'> & { credentials: string };

/** Grows with the number of merchants, not with traffic. Shard key in mind: `{merchant_id: 1, name: 1}`. */
export const connectorAccountSchema = new Schema<StoredConnectorAccount>(
  {
    _id: String,
    merchant_id: String,
    connector: String,
    name: String,
    credentials: { type: String, sealed: true },
    settings: Schema.Types.Mixed,
    include_source: Boolean,
    status: String,
    created_at: Date,
    updated_at: Date,
    version: Number,
  },
  { collection: 'connector_accounts', versionKey: false, strict: 'throw', id: false, minimize: false },
);

// findByPath, and one account per name.
connectorAccountSchema.index({ merchant_id: 1, name: 1 }, { unique: true });
// list of a merchant, or merged over several.
connectorAccountSchema.index({ merchant_id: 1, _id: 1 });
