import { type Model, Schema } from 'mongoose';
import { isDuplicateKey } from '../connection/duplicate-key.ts';
import { SealBrokenError, type SealContext, type SecretBox } from '../secrets/secret-box.ts';
import type { IdempotencyRepository, IdempotencyVerdict, StoredAnswer } from './idempotency-repository.ts';

/** Answers are remembered this long (api.md, "Idempotency-Key"). */
const KEPT_MS = 24 * 3_600_000;
/** Whoever has not answered by then has died; a repeated request takes over. */
const TAKE_OVER_AFTER_MS = 60_000;

/** `_id` is the key. */
export interface IdempotencyDocument {
  _id: string;
  request_hash: string;
  began_at: Date;
  /** Sealed; null while the first request runs. */
  answer: string | null;
  expires_at: Date;
}

export const idempotencySchema = new Schema<IdempotencyDocument>(
  { _id: String, request_hash: String, began_at: Date, answer: { type: String, sealed: true }, expires_at: Date },
  { collection: 'idempotency', versionKey: false, strict: 'throw', id: false },
);
// Expiry.
idempotencySchema.index({ expires_at: 1 }, { expireAfterSeconds: 0 });

/** Idempotency keys and their answers in MongoDB. */
export class MongoIdempotencyRepository implements IdempotencyRepository {
  readonly #model: Model<IdempotencyDocument>;
  readonly #box: SecretBox;

  constructor(model: Model<IdempotencyDocument>, box: SecretBox) {
    this.#model = model;
    this.#box = box;
  }

  async begin({ key, requestHash, now }: Parameters<IdempotencyRepository['begin']>[0]): Promise<IdempotencyVerdict> {
    const fresh = {
      request_hash: requestHash,
      began_at: now,
      answer: null,
      expires_at: new Date(now.getTime() + KEPT_MS),
    };
    // Twice, in case the first request is abandoned, or its entry expires, between the insert and the look.
    for (let round = 0; round < 2; round++) {
      try {
        await this.#model.insertOne({ _id: key, ...fresh });
        return { kind: 'proceed' };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const found = await this.#model.findOne({ _id: key }).lean<IdempotencyDocument>();
      if (found !== null) return this.#judge(found, fresh);
    }
    return { kind: 'running' };
  }

  async #judge(found: IdempotencyDocument, fresh: Omit<IdempotencyDocument, '_id'>): Promise<IdempotencyVerdict> {
    const now = fresh.began_at.getTime();
    // The TTL index removes entries up to a minute late.
    const expired = found.expires_at.getTime() <= now;
    if (!expired && found.request_hash !== fresh.request_hash) return { kind: 'mismatch' };
    if (!expired && found.answer !== null) {
      return this.#answered(found._id, found.answer);
    }
    if (!expired && found.began_at.getTime() > now - TAKE_OVER_AFTER_MS) return { kind: 'running' };
    const { modifiedCount } = await this.#model.updateOne(
      { _id: found._id, began_at: found.began_at, expires_at: found.expires_at },
      { $set: fresh },
    );
    return modifiedCount === 1 ? { kind: 'proceed' } : { kind: 'running' };
  }

  #answered(key: string, sealed: string): IdempotencyVerdict {
    try {
      return { kind: 'answered', answer: this.#box.openJson<StoredAnswer>(sealed, contextOf(key)) };
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error;
      return { kind: 'unreadable' };
    }
  }

  async complete(key: string, answer: StoredAnswer): Promise<void> {
    await this.#model.updateOne({ _id: key }, { $set: { answer: this.#box.sealJson(answer, contextOf(key)) } });
  }

  async abandon(key: string): Promise<void> {
    await this.#model.deleteOne({ _id: key, answer: null });
  }
}

/** The key names its tenant. */
function contextOf(key: string): SealContext {
  return { tenant: key, recordId: key, field: 'answer' };
}
