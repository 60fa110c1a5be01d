import type { Owner } from '@owngateway/domain';
import mongoose, { type Model } from 'mongoose';
import { changedSinceBound } from '../connection/changed-since.ts';
import { LIST_MAX_TIME_MS } from '../connection/connect.ts';
import type { DatabaseClock } from '../connection/database-clock.ts';
import type { Page, PageRequest } from '../page.ts';
import { readPage } from '../paging/read-page.ts';
import { merchantScopeFilter, reachesMerchant } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type { MerchantRecord, MerchantRepository } from './merchant-repository.ts';

const { trusted } = mongoose;

/** Merchants in MongoDB. */
export class MongoMerchantRepository implements MerchantRepository {
  readonly #model: Model<MerchantRecord>;
  readonly #clock: DatabaseClock;

  constructor(model: Model<MerchantRecord>, clock: DatabaseClock) {
    this.#model = model;
    this.#clock = clock;
  }

  async put({ _id, name, portfolio_id, reseller_id }: Parameters<MerchantRepository['put']>[0]) {
    const now = this.#clock.now();
    const { value, lastErrorObject } = await this.#model.findOneAndUpdate(
      { _id },
      {
        $set: { name, portfolio_id, reseller_id, updated_at: now },
        $setOnInsert: { created_at: now },
        $currentDate: { changed_at: true },
      },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true, lean: true },
    );
    if (value === null) throw new Error('An upsert answered without its record');
    return { merchant: value as MerchantRecord, created: lastErrorObject?.updatedExisting === false };
  }

  async rename({ _id, name, portfolio_id, reseller_id }: Parameters<MerchantRepository['rename']>[0]) {
    return this.#model
      .findOneAndUpdate(
        { _id, portfolio_id, reseller_id },
        { $set: { name, updated_at: this.#clock.now() }, $currentDate: { changed_at: true } },
        { returnDocument: 'after' },
      )
      .lean<MerchantRecord>();
  }

  async get(scope: TenantScope, id: string): Promise<MerchantRecord | null> {
    if (!reachesMerchant(scope, id)) return null;
    return this.#model.findOne({ _id: id }).lean<MerchantRecord>();
  }

  async list(scope: TenantScope, page: PageRequest): Promise<Page<MerchantRecord>> {
    const after = page.after === null ? {} : { _id: trusted({ $lt: page.after }) };
    return readPage(page, (count) =>
      this.#model
        .find({ $and: [merchantScopeFilter(scope, '_id'), after] })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<MerchantRecord[]>(),
    );
  }

  async idsBelow(owner: Owner): Promise<string[]> {
    if (owner.level === 'merchant') return [owner.id];
    const filter = owner.level === 'portfolio' ? { portfolio_id: owner.id } : { reseller_id: owner.id };
    const found = await this.#model.find(filter, { _id: 1 }).lean();
    return found.map(({ _id }) => _id);
  }

  async changedSince(since: Date | null): Promise<MerchantRecord[]> {
    const filter = since === null ? {} : { changed_at: trusted({ $gte: changedSinceBound(since) }) };
    return this.#model.find(filter).lean<MerchantRecord[]>();
  }
}
