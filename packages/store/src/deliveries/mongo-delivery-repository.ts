import type mongoose from 'mongoose';
import type { Model } from 'mongoose';
import { DURABLE, LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { driverCollection } from '../connection/driver-collection.ts';
import { insertTellingDuplicates } from '../connection/duplicate-key.ts';
import type { Page, PageRequest } from '../page.ts';
import { firstIdAt } from '../paging/id-range.ts';
import { EMPTY_PAGE, readPage } from '../paging/read-page.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { cancelOne, replayOne } from './changed-by-person.ts';
import { claimDelivery, claimHeldDelivery } from './claim.ts';
import { deliveryListFilter } from './delivery-list-filter.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type {
  DeliveryFilter,
  DeliveryRepository,
  DueDelivery,
  HeldClaim,
  Settlement,
  SettlementOutcome,
} from './delivery-repository.ts';
import { OPEN, UNFINISHED } from './delivery-states.ts';
import { newRound } from './new-round.ts';
import type { ReplayCandidate, ReplayLook, ReplaySelection } from './replay-selection.ts';
import { lookForReplay } from './replay-walk.ts';
import { settleDeliveries } from './settle-deliveries.ts';
import { SubscriptionBacklog } from './subscription-backlog.ts';

type ClaimRequest = Parameters<DeliveryRepository['claim']>[0];
type ClaimHeldRequest = Parameters<DeliveryRepository['claimHeld']>[0];
type FindDueQuery = Parameters<DeliveryRepository['findDue']>[0];
type ReleaseRequest = Parameters<DeliveryRepository['release']>[0];
type GiveUpRequest = Parameters<DeliveryRepository['giveUp']>[0];
type NotedWaits = Parameters<DeliveryRepository['noteHeldBack']>[0];
type LookRequest = Parameters<DeliveryRepository['lookForReplay']>[2];
type RoundRequest = Parameters<DeliveryRepository['replaySelected']>[2];

/** What a `DueDelivery` is made of. */
const FOR_QUEUE = {
  subscription_id: 1,
  round: 1,
  status: 1,
  attempts_total: 1,
  next_attempt_at: 1,
  due_at: 1,
} as const;

/** What a `ReplayCandidate` is made of. */
const FOR_REPLAY = { event_id: 1, subscription_id: 1, status: 1, round: 1, replayed_by: 1 } as const;

/** Deliveries in MongoDB. The dispatcher's methods use the driver's collection, a person's the model (decision 9). */
export class MongoDeliveryRepository implements DeliveryRepository {
  readonly #model: Model<DeliveryRecord>;
  readonly #collection: mongoose.mongo.Collection<DeliveryRecord>;
  readonly #backlog: SubscriptionBacklog;

  constructor(model: Model<DeliveryRecord>) {
    this.#model = model;
    this.#collection = driverCollection(model);
    this.#backlog = new SubscriptionBacklog(this.#collection);
  }

  async insertMany(records: readonly DeliveryRecord[]): Promise<('inserted' | 'exists')[]> {
    if (records.length === 0) return [];
    const duplicates = await insertTellingDuplicates(() =>
      this.#collection.insertMany([...records], { ordered: false, ...DURABLE }),
    );
    const outcomes = records.map((): 'inserted' | 'exists' => 'inserted');
    for (const index of duplicates) outcomes[index] = 'exists';
    return outcomes;
  }

  settleMany(settlements: readonly Settlement[]): Promise<SettlementOutcome[]> {
    return settleDeliveries(this.#collection, settlements);
  }

  claim(claim: ClaimRequest): Promise<DeliveryRecord | null> {
    return claimDelivery(this.#collection, claim);
  }

  async release({ deliveryId, token, nextAttemptAt, heldBackBy }: ReleaseRequest): Promise<void> {
    const claimed = { _id: deliveryId, 'lease.token': token };
    const { matchedCount } = await this.#collection.updateOne(
      { ...claimed, status: { $in: [...OPEN] } },
      {
        $set: { next_attempt_at: nextAttemptAt, due_at: nextAttemptAt, held_back_by: heldBackBy },
        $unset: { lease: '' },
      },
      DURABLE,
    );
    // Put on hold meanwhile: only the claim goes.
    if (matchedCount === 0) await this.#collection.updateOne(claimed, { $unset: { lease: '' } }, DURABLE);
  }

  async giveUp({ deliveryId, token, reason, at }: GiveUpRequest): Promise<boolean> {
    const { matchedCount } = await this.#collection.updateOne(
      { _id: deliveryId, 'lease.token': token, status: { $in: [...OPEN] } },
      {
        $set: {
          status: 'failed',
          completed_at: at,
          dead_letter: { reason, at },
          next_attempt_at: null,
          held_back_by: null,
        },
        $unset: { lease: '', due_at: '' },
      },
      DURABLE,
    );
    return matchedCount === 1;
  }

  async noteHeldBack(waits: NotedWaits): Promise<void> {
    if (waits.length === 0) return;
    await this.#collection.bulkWrite(
      waits.map(({ deliveryId, round, until, reason }) => ({
        updateOne: {
          filter: {
            _id: deliveryId,
            round,
            status: { $in: [...OPEN] },
            lease: { $exists: false },
            next_attempt_at: { $lt: until },
          },
          update: { $set: { held_back_by: reason, next_attempt_at: until, due_at: until } },
        },
      })),
      { ordered: false, writeConcern: { w: 1 } },
    );
  }

  async loadExisting(ids: readonly string[]): Promise<Map<string, DeliveryRecord>> {
    if (ids.length === 0) return new Map();
    const found = await this.#collection.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(found.map((delivery) => [delivery._id, delivery]));
  }

  async findDue({ olderThan, after, limit }: FindDueQuery): Promise<DueDelivery[]> {
    const status = { $in: [...OPEN] };
    const from = after?.due_at;
    return this.#collection
      .find<DueDelivery>(
        after === null || from === undefined
          ? { due_at: { $lt: olderThan }, status }
          : {
              due_at: { $gte: from, $lt: olderThan },
              status,
              $or: [{ due_at: { $gt: from } }, { _id: { $gt: after._id } }],
            },
        { projection: FOR_QUEUE },
      )
      .sort({ due_at: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  holdForSubscription(subscriptionId: string): Promise<number> {
    return this.#backlog.hold(subscriptionId);
  }

  cancelForSubscription(subscriptionId: string, at: Date): Promise<number> {
    return this.#backlog.cancel(subscriptionId, at);
  }

  findHeld(subscriptionId: string, limit: number): Promise<string[]> {
    return this.#backlog.findHeld(subscriptionId, limit);
  }

  claimHeld(claim: ClaimHeldRequest): Promise<HeldClaim> {
    return claimHeldDelivery(this.#collection, claim);
  }

  subscriptionsWithHeld(limit: number): Promise<string[]> {
    return this.#backlog.subscriptionsWithHeld(limit);
  }

  replay(scope: TenantScope, id: string, at: Date): Promise<DeliveryRecord | 'not_found' | 'unsent'> {
    return replayOne(this.#collection, scope, id, at);
  }

  lookForReplay(scope: TenantScope, selection: ReplaySelection, look: LookRequest): Promise<ReplayLook> {
    return lookForReplay(this.#collection, scope, selection, look);
  }

  async loadForReplay(scope: TenantScope, ids: readonly string[]): Promise<ReplayCandidate[]> {
    if (ids.length === 0) return [];
    const own = { ...ownerScopeFilter(scope), _id: { $in: [...ids] } };
    return this.#collection.find<ReplayCandidate>(own, { projection: FOR_REPLAY }).toArray();
  }

  async replaySelected(scope: TenantScope, selection: ReplaySelection, round: RoundRequest): Promise<void> {
    const { ids, replayId, at, status } = round;
    if (ids.length === 0) return;
    await this.#collection.updateMany(
      {
        ...ownerScopeFilter(scope),
        _id: { $in: [...ids] },
        status: { $in: [...selection.status] },
        // The round that this begins is later than the snapshot: so neither this replay nor a late twin begins another.
        round_started_at: { $lte: selection.snapshot_at },
        replayed_by: { $ne: replayId },
      },
      newRound(at, { status, replayId }),
      DURABLE,
    );
  }

  cancel(scope: TenantScope, id: string, at: Date): Promise<DeliveryRecord | 'not_found' | 'conflict'> {
    return cancelOne(this.#collection, scope, id, at);
  }

  async get(scope: TenantScope, id: string): Promise<DeliveryRecord | null> {
    return this.#model.findOne({ ...ownerScopeFilter(scope), _id: id }).lean<DeliveryRecord>();
  }

  async list(
    scope: TenantScope,
    filter: DeliveryFilter,
    page: PageRequest,
  ): Promise<Page<Omit<DeliveryRecord, 'attempts'>>> {
    const conditions = deliveryListFilter(scope, filter, page);
    if (conditions === null) return { ...EMPTY_PAGE, items: [] };
    return readPage(page, (count) =>
      this.#model
        .find(conditions, { attempts: 0 })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<Omit<DeliveryRecord, 'attempts'>[]>(),
    );
  }

  async expire({ before, limit }: { before: Date; limit: number }): Promise<number> {
    const old = await this.#collection
      .find({ _id: { $lt: firstIdAt('dlv', before) }, status: { $nin: [...UNFINISHED] } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    if (old.length === 0) return 0;
    const { deletedCount } = await this.#collection.deleteMany({
      _id: { $in: old.map(({ _id }) => _id) },
      status: { $nin: [...UNFINISHED] },
    });
    return deletedCount;
  }
}
