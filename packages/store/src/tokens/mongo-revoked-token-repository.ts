import { type Model, Schema } from 'mongoose';
import type { RevokedTokenRepository } from './revoked-token-repository.ts';

/** `_id` is the token's `jti`. */
export interface RevokedTokenDocument {
  _id: string;
  revoked_at: Date;
  expires_at: Date;
}

export const revokedTokenSchema = new Schema<RevokedTokenDocument>(
  { _id: String, revoked_at: Date, expires_at: Date },
  { collection: 'revoked_tokens', versionKey: false, strict: 'throw', id: false },
);
// Expiry: an expired token needs no entry.
revokedTokenSchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });

/** Revoked tokens in MongoDB. */
export class MongoRevokedTokenRepository implements RevokedTokenRepository {
  readonly #model: Model<RevokedTokenDocument>;

  constructor(model: Model<RevokedTokenDocument>) {
    this.#model = model;
  }

  async revoke({ jti, revokedAt, expiresAt }: Parameters<RevokedTokenRepository['revoke']>[0]): Promise<void> {
    await this.#model.updateOne(
      { _id: jti },
      { $setOnInsert: { revoked_at: revokedAt }, $max: { expires_at: expiresAt } },
      { upsert: true },
    );
  }

  async isRevoked(jti: string): Promise<boolean> {
    return (await this.#model.exists({ _id: jti })) !== null;
  }
}
