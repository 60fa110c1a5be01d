import mongoose, { type Model } from 'mongoose';
import { DURABLE, LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { driverCollection } from '../connection/driver-collection.ts';
import { insertTellingDuplicates } from '../connection/duplicate-key.ts';
import type { Page, PageRequest } from '../page.ts';
import { idRange } from '../paging/id-range.ts';
import { EMPTY_PAGE, readPage } from '../paging/read-page.ts';
import { merchantScopeFilter, reachesMerchant } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type { NotificationFilter, NotificationRecord, NotificationRepository } from './notification-repository.ts';

const { trusted } = mongoose;

/** Notifications in MongoDB. */
export class MongoNotificationRepository implements NotificationRepository {
  readonly #model: Model<NotificationRecord>;
  readonly #collection: mongoose.mongo.Collection<NotificationRecord>;

  constructor(model: Model<NotificationRecord>) {
    this.#model = model;
    this.#collection = driverCollection(model);
  }

  async insertMany(records: readonly NotificationRecord[]): Promise<void> {
    if (records.length === 0) return;
    // An id that is there already: an earlier try of this group had arrived after all.
    await insertTellingDuplicates(() => this.#collection.insertMany([...records], { ordered: false, ...DURABLE }));
  }

  async get(scope: TenantScope, id: string): Promise<NotificationRecord | null> {
    const found = await this.#model
      .findOne({ ...merchantScopeFilter(scope), _id: id })
      .lean<Omit<NotificationRecord, 'body'> & { body: mongoose.mongo.Binary }>();
    return found === null ? null : { ...found, body: Buffer.from(found.body.buffer) };
  }

  async list(
    scope: TenantScope,
    { merchantId, connector, verdict, since, until }: NotificationFilter,
    page: PageRequest,
  ): Promise<Page<Omit<NotificationRecord, 'body' | 'headers'>>> {
    if (merchantId !== undefined && !reachesMerchant(scope, merchantId)) return { ...EMPTY_PAGE, items: [] };
    const range = idRange('ntf', { since, until, after: page.after });
    return readPage(page, (count) =>
      this.#model
        .find(
          {
            ...(merchantId === undefined ? merchantScopeFilter(scope) : { merchant_id: merchantId }),
            ...(connector === undefined ? {} : { connector }),
            ...(verdict === undefined ? {} : { verdict }),
            ...(range === undefined ? {} : { _id: trusted(range) }),
          },
          { body: 0, headers: 0 },
        )
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<Omit<NotificationRecord, 'body' | 'headers'>[]>(),
    );
  }
}
