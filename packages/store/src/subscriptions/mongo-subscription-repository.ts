import { ownerKeyOf } from '@owngateway/domain';
import mongoose, { type Model } from 'mongoose';
import { changedSinceBound } from '../connection/changed-since.ts';
import { LIST_MAX_TIME_MS } from '../connection/connect.ts';
import type { DatabaseClock } from '../connection/database-clock.ts';
import { driverCollection } from '../connection/driver-collection.ts';
import type { Page, PageRequest } from '../page.ts';
import { EMPTY_PAGE, readPage } from '../paging/read-page.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { ownerScopeFilter, reachesOwner } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { openSubscription, sealPatch } from './sealed-subscription.ts';
import type {
  AnnouncementDue,
  SubscriptionFilter,
  SubscriptionPatch,
  SubscriptionRecord,
  SubscriptionRepository,
} from './subscription-repository.ts';
import type { StoredSubscription } from './subscription-schema.ts';

const { trusted } = mongoose;

/** Every change is stamped by the database itself, so that caches of all processes agree on what is new (rules 3 and 15). */
const STAMP = { $currentDate: { changed_at: true } } as const;

/** What every subscription begins with. */
const FRESH = { failing_since: null, enabled_at: null, version: 1, deleted_at: null } as const;

/** Subscriptions in MongoDB, their secrets sealed (decision 10). */
export class MongoSubscriptionRepository implements SubscriptionRepository {
  readonly #model: Model<StoredSubscription>;
  readonly #box: SecretBox;
  readonly #clock: DatabaseClock;

  constructor(model: Model<StoredSubscription>, box: SecretBox, clock: DatabaseClock) {
    this.#model = model;
    this.#box = box;
    this.#clock = clock;
  }

  async create(record: Parameters<SubscriptionRepository['create']>[0]): Promise<SubscriptionRecord> {
    const { _id, authentication, headers, tls, signing, ...open } = record;
    const sealed = sealPatch(this.#box, record, { authentication, headers, tls, signing });
    const { value, lastErrorObject } = await this.#model.findOneAndUpdate(
      { _id },
      { $setOnInsert: { ...open, ...sealed, ...FRESH }, ...STAMP },
      { upsert: true, returnDocument: 'after', includeResultMetadata: true, lean: true },
    );
    if (value === null || lastErrorObject?.updatedExisting !== false) throw new Error(`Subscription ${_id} exists`);
    return openSubscription(this.#box, value as StoredSubscription);
  }

  async get(scope: TenantScope, id: string): Promise<SubscriptionRecord | null> {
    return this.#opened(await this.#find(scope, id));
  }

  async list(
    scope: TenantScope,
    { owner, status }: SubscriptionFilter,
    page: PageRequest,
  ): Promise<Page<SubscriptionRecord>> {
    if (owner !== undefined && !reachesOwner(scope, ownerKeyOf(owner))) return { ...EMPTY_PAGE, items: [] };
    const { items, next } = await readPage(page, (count) =>
      this.#model
        .find({
          ...(owner === undefined ? ownerScopeFilter(scope) : { owner_key: ownerKeyOf(owner) }),
          ...(status === undefined ? {} : { status }),
          ...(page.after === null ? {} : { _id: trusted({ $lt: page.after }) }),
          deleted_at: null,
        })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<StoredSubscription[]>(),
    );
    return { items: items.map((stored) => openSubscription(this.#box, stored)), next };
  }

  async update(
    scope: TenantScope,
    id: string,
    version: number,
    patch: SubscriptionPatch,
  ): Promise<SubscriptionRecord | 'not_found' | 'conflict'> {
    const stored = await this.#find(scope, id);
    if (stored === null) return 'not_found';
    const changes = { ...sealPatch(this.#box, stored, patch), updated_at: this.#clock.now() };
    const updated = await this.#model
      .findOneAndUpdate(
        { ...ownerScopeFilter(scope), _id: id, deleted_at: null, version },
        { $set: changes, $inc: { version: 1 }, ...STAMP },
        { returnDocument: 'after' },
      )
      .lean<StoredSubscription>();
    return this.#opened(updated) ?? 'conflict';
  }

  async delete(scope: TenantScope, id: string): Promise<boolean> {
    const now = this.#clock.now();
    const { modifiedCount } = await this.#model.updateOne(
      { ...ownerScopeFilter(scope), _id: id, deleted_at: null },
      {
        // What may hold a secret goes, the URL with it.
        $set: {
          status: 'disabled',
          status_reason: 'deleted',
          url: '',
          event_types: [],
          authentication: null,
          headers: null,
          tls: null,
          'signing.secrets': [],
          updated_at: now,
          deleted_at: now,
        },
        $inc: { version: 1 },
        ...STAMP,
      },
    );
    return modifiedCount === 1;
  }

  async disable(
    id: string,
    { reason, announcement, provided, endpoint }: Parameters<SubscriptionRepository['disable']>[1],
  ): Promise<boolean> {
    const stillFailing = provided && {
      failing_since: provided.failingSince,
      'auto_disable.after_failing_for_s': provided.afterFailingForS,
    };
    const stillThere = endpoint && { url: endpoint.url, enabled_at: endpoint.enabledAt };
    return this.#changed(
      { _id: id, status: 'enabled', deleted_at: null, ...stillFailing, ...stillThere },
      { status: 'disabled', status_reason: reason, announcement, updated_at: this.#clock.now() },
    );
  }

  async noteFailing(id: string, since: Date): Promise<boolean> {
    return this.#changed(
      { _id: id, status: 'enabled', deleted_at: null, failing_since: null },
      { failing_since: since },
    );
  }

  async noteWell(id: string): Promise<boolean> {
    return this.#changed({ _id: id, deleted_at: null, failing_since: { $ne: null } }, { failing_since: null });
  }

  async findAnnouncementsDue(limit: number): Promise<AnnouncementDue[]> {
    return driverCollection(this.#model)
      .find<AnnouncementDue>(
        { 'announcement.at': { $exists: true } },
        { projection: { owner: 1, owner_key: 1, announcement: 1 } },
      )
      .sort({ 'announcement.at': 1 })
      .limit(limit)
      .toArray();
  }

  async noteAnnounced(id: string, eventId: string): Promise<void> {
    await driverCollection(this.#model).updateOne(
      { _id: id, 'announcement.event_id': eventId },
      { $unset: { announcement: '' } },
    );
  }

  /** The dispatcher's own changes: raise the version, so that every process learns of them. */
  async #changed(
    filter: mongoose.mongo.Filter<StoredSubscription>,
    changes: Partial<StoredSubscription>,
  ): Promise<boolean> {
    const { modifiedCount } = await driverCollection(this.#model).updateOne(filter, {
      $set: changes,
      $inc: { version: 1 },
      ...STAMP,
    });
    return modifiedCount === 1;
  }

  async changedSince(
    since: Date | null,
    isKnown: (id: string, version: number) => boolean = () => false,
  ): Promise<SubscriptionRecord[]> {
    const filter = since === null ? { deleted_at: null } : { changed_at: { $gte: changedSinceBound(since) } };
    const found = await driverCollection(this.#model).find(filter).toArray();
    return found
      .filter(({ _id, version, deleted_at }) => deleted_at !== null || !isKnown(_id, version))
      .map((stored) => openSubscription(this.#box, stored));
  }

  async findByIds(ids: readonly string[]): Promise<SubscriptionRecord[]> {
    const found = await driverCollection(this.#model)
      .find({ _id: { $in: [...ids] } })
      .toArray();
    return found.map((stored) => openSubscription(this.#box, stored));
  }

  #find(scope: TenantScope, id: string): Promise<StoredSubscription | null> {
    return this.#model
      .findOne({ ...ownerScopeFilter(scope), _id: id, deleted_at: null })
      .lean<StoredSubscription>()
      .exec();
  }

  #opened(stored: StoredSubscription | null): SubscriptionRecord | null {
    return stored === null ? null : openSubscription(this.#box, stored);
  }
}
