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
  AwaitingEvent,
  EventFilter,
  EventForDelivery,
  EventRecord,
  EventRepository,
  EventsExpired,
  InsertOutcome,
} from './event-repository.ts';
import type { EventRetention } from './event-retention.ts';

const { trusted } = mongoose;

type FindAwaitingQuery = Parameters<EventRepository['findAwaitingFanOut']>[0];

const FOR_DELIVERY = {
  merchant_id: 1,
  owner_key: 1,
  type: 1,
  body: 1,
  references: 1,
  created_at: 1,
  awaiting_fan_out_since: 1,
  awaiting_overflow_since: 1,
} as const;

/** The field that says that an event of this lane awaits fan-out, and since when. */
const AWAITING = { events: 'awaiting_fan_out_since', overflow: 'awaiting_overflow_since' } as const;

/** Events in MongoDB. The pipeline's methods use the driver's collection: a model costs 160 us per event there (decision 9). */
export class MongoEventRepository implements EventRepository {
  readonly #model: Model<EventRecord>;
  readonly #collection: mongoose.mongo.Collection<EventRecord>;
  readonly #retention: EventRetention;

  constructor(model: Model<EventRecord>, retention: EventRetention) {
    this.#model = model;
    this.#collection = driverCollection(model);
    this.#retention = retention;
  }

  async insertMany(records: readonly EventRecord[]): Promise<InsertOutcome[]> {
    if (records.length === 0) return [];
    const duplicates = await insertTellingDuplicates(() =>
      this.#collection.insertMany([...records], { ordered: false, ...DURABLE }),
    );
    const outcomes = records.map((): InsertOutcome => ({ kind: 'inserted' }));
    if (duplicates.length === 0) return outcomes;

    const existing = await this.#findByKey(duplicates.map((index) => records[index] as EventRecord));
    for (const index of duplicates) {
      const record = records[index] as EventRecord;
      const existingId = existing.get(keyOf(record));
      if (existingId === undefined) throw new Error(`Event id ${record._id} is taken by an event with another key`);
      // The same id under the same key: an earlier try of this very group had arrived after all.
      if (existingId !== record._id) outcomes[index] = { kind: 'duplicate', existingId };
    }
    return outcomes;
  }

  /** The ids that the keys of these records already have. A failed insert waited for the majority too, so what is found is durable. */
  async #findByKey(records: readonly EventRecord[]): Promise<Map<string, string>> {
    const byMerchant = Map.groupBy(records, ({ merchant_id }) => merchant_id);
    const found = await Promise.all(
      byMerchant
        .entries()
        .map(([merchantId, own]) =>
          this.#collection
            .find<Pick<EventRecord, '_id' | 'merchant_id' | 'dedupe_key'>>(
              { merchant_id: merchantId, dedupe_key: { $in: own.map(({ dedupe_key }) => dedupe_key) } },
              { projection: { merchant_id: 1, dedupe_key: 1 } },
            )
            .toArray(),
        ),
    );
    return new Map(found.flat().map((event) => [keyOf(event), event._id]));
  }

  async loadForDelivery(ids: readonly string[]): Promise<EventForDelivery[]> {
    if (ids.length === 0) return [];
    return this.#collection
      .find<EventForDelivery>({ _id: { $in: [...ids] } }, { projection: FOR_DELIVERY, batchSize: ids.length + 1 })
      .toArray();
  }

  async findSendable(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const found = await this.#collection
      .find<Pick<EventRecord, '_id'>>({ _id: { $in: [...ids] }, body: { $ne: null } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  async markFannedOut(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Not durable on purpose: a lost mark makes the sweeper look again, nothing more.
    await this.#collection.updateMany(
      { _id: { $in: [...ids] } },
      { $unset: { awaiting_fan_out_since: '', awaiting_overflow_since: '' } },
      { writeConcern: { w: 1 } },
    );
  }

  async findAwaitingFanOut({ lane, olderThan, limit }: FindAwaitingQuery): Promise<AwaitingEvent[]> {
    const since = AWAITING[lane];
    return this.#model
      .find({ [since]: trusted({ $lt: olderThan }) }, { _id: 1, merchant_id: 1 })
      .sort({ [since]: 1 })
      .limit(limit)
      .lean<AwaitingEvent[]>();
  }

  async moveToOverflow(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#collection.updateMany(
      { _id: { $in: [...ids] }, [AWAITING.events]: { $exists: true } },
      { $rename: { [AWAITING.events]: AWAITING.overflow } },
      DURABLE,
    );
  }

  async get(scope: TenantScope, id: string): Promise<EventRecord | null> {
    return this.#model.findOne({ ...merchantScopeFilter(scope), _id: id }).lean<EventRecord>();
  }

  async list(scope: TenantScope, filter: EventFilter, page: PageRequest): Promise<Page<EventRecord>> {
    const { merchantId, type, connector, objectReference, since, until } = filter;
    if (merchantId !== undefined && !reachesMerchant(scope, merchantId)) return { ...EMPTY_PAGE, items: [] };
    const range = idRange('evt', { since, until, after: page.after });
    return readPage(page, (count) =>
      this.#model
        .find({
          ...(merchantId === undefined ? merchantScopeFilter(scope) : { merchant_id: merchantId }),
          ...(objectReference === undefined ? {} : { references: objectReference }),
          ...(type === undefined ? {} : { type }),
          ...(connector === undefined ? {} : { connector }),
          ...(range === undefined ? {} : { _id: trusted(range) }),
        })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<EventRecord[]>(),
    );
  }

  expire(limits: { bodiesBefore: Date; skeletonsBefore: Date; limit: number }): Promise<EventsExpired> {
    return this.#retention.expire(limits);
  }
}

function keyOf({ merchant_id, dedupe_key }: Pick<EventRecord, 'merchant_id' | 'dedupe_key'>): string {
  return JSON.stringify([merchant_id, dedupe_key]);
}
