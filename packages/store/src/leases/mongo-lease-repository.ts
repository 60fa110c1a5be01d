import mongoose, { type Model, Schema } from 'mongoose';
import type { DatabaseClock } from '../connection/database-clock.ts';
import { isDuplicateKey } from '../connection/duplicate-key.ts';
import type { LeaseRepository } from './lease-repository.ts';

const { trusted } = mongoose;

/** `_id` is the lease's name. */
export interface LeaseDocument {
  _id: string;
  holder: string;
  until: Date;
}

export const leaseSchema = new Schema<LeaseDocument>(
  { _id: String, holder: String, until: Date },
  { collection: 'leases', versionKey: false, strict: 'throw', id: false },
);

/**
 * Leases in MongoDB. The database's clock as measured, not `$$NOW`: the embedded server has no such variable in updates. The
 * measurement is wrong by half a round trip at most, far below any lease.
 */
export class MongoLeaseRepository implements LeaseRepository {
  readonly #model: Model<LeaseDocument>;
  readonly #clock: DatabaseClock;

  constructor(model: Model<LeaseDocument>, clock: DatabaseClock) {
    this.#model = model;
    this.#clock = clock;
  }

  async acquire(name: string, holder: string, ttlMs: number): Promise<boolean> {
    const now = this.#clock.now();
    try {
      await this.#model.updateOne(
        { _id: name, $or: [{ holder }, { until: trusted({ $lt: now }) }] },
        { $set: { holder, until: new Date(now.getTime() + ttlMs) } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      // The upsert found nothing it may change and met the lease of another.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#model.deleteOne({ _id: name, holder });
  }
}
