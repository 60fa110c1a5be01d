import mongoose, { type Model } from 'mongoose';
import { DURABLE, LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { driverCollection } from '../connection/driver-collection.ts';
import { insertTellingDuplicates } from '../connection/duplicate-key.ts';
import type { Page, PageRequest } from '../page.ts';
import { idRange } from '../paging/id-range.ts';
import { EMPTY_PAGE, readPage } from '../paging/read-page.ts';
import { merchantScopeFilter, reachesMerchant } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type {
  DueNotification,
  KeptNotification,
  NotificationFilter,
  NotificationReading,
  NotificationRecord,
  NotificationRepository,
  NotificationSummary,
} from './notification-repository.ts';

const { trusted } = mongoose;

const SUMMARY = { body: 0, headers: 0 } as const;

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

  async get(scope: TenantScope, id: string): Promise<KeptNotification | null> {
    const found = await this.#model
      .findOne({ ...merchantScopeFilter(scope), _id: id })
      .lean<Omit<NotificationRecord, 'body'> & { body?: mongoose.mongo.Binary | null }>();
    return found === null ? null : { ...found, body: found.body ? Buffer.from(found.body.buffer) : null };
  }

  async list(
    scope: TenantScope,
    { merchantId, connector, verdict, since, until }: NotificationFilter,
    page: PageRequest,
  ): Promise<Page<NotificationSummary>> {
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
          SUMMARY,
        )
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<NotificationSummary[]>(),
    );
  }

  async requestReading(
    scope: TenantScope,
    id: string,
    now: Date,
  ): Promise<NotificationSummary | 'not_found' | 'body_gone'> {
    const own = { ...merchantScopeFilter(scope), _id: id };
    const asked = await this.#model
      .findOneAndUpdate(
        { ...own, body: trusted({ $type: 'binData' }) },
        { $inc: { round: 1 }, $set: { due_at: now, attempts_made: 0, detail: null } },
        { returnDocument: 'after', projection: SUMMARY },
      )
      .lean<NotificationSummary>();
    if (asked !== null) return asked;
    return (await this.#model.exists(own)) === null ? 'not_found' : 'body_gone';
  }

  async settleReading(id: string, round: number, { due_at, ...rest }: NotificationReading): Promise<boolean> {
    const { matchedCount } = await this.#collection.updateOne(
      { _id: id, round, due_at: { $exists: true } },
      due_at === undefined ? { $set: rest, $unset: { due_at: '' } } : { $set: { ...rest, due_at } },
      DURABLE,
    );
    return matchedCount === 1;
  }

  findDue(query: { olderThan: Date; after: DueNotification | null; limit: number }): Promise<DueNotification[]> {
    const { olderThan, after, limit } = query;
    return this.#collection
      .find<DueNotification>(
        after === null
          ? { due_at: { $lt: olderThan } }
          : {
              due_at: { $gte: after.due_at, $lt: olderThan },
              $or: [{ due_at: { $gt: after.due_at } }, { _id: { $gt: after._id } }],
            },
        { projection: { connector_account_id: 1, round: 1, due_at: 1 } },
      )
      .sort({ due_at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }
}
