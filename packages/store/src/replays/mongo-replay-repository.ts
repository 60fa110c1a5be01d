import mongoose, { type Model } from 'mongoose';
import { DURABLE, LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { driverCollection } from '../connection/driver-collection.ts';
import type { Page, PageRequest } from '../page.ts';
import { readPage } from '../paging/read-page.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type { ReplayRecord, ReplayRepository, ReplayStep } from './replay-repository.ts';

const { trusted } = mongoose;

/** Steps looked at for one that nobody else takes at the same moment. */
const TRIES = 10;

type StepEnd = Parameters<ReplayRepository['endStep']>[1];

/** What the end of a step changes besides the counts. */
interface Change {
  $set?: Partial<ReplayRecord>;
  $unset: { lease_token: ''; next_step_at?: '' };
}

/** Bulk replays in MongoDB. The dispatcher's methods use the driver's collection, a person's the model (decision 9). */
export class MongoReplayRepository implements ReplayRepository {
  readonly #model: Model<ReplayRecord>;
  readonly #collection: mongoose.mongo.Collection<ReplayRecord>;

  constructor(model: Model<ReplayRecord>) {
    this.#model = model;
    this.#collection = driverCollection(model);
  }

  async create(record: ReplayRecord): Promise<void> {
    await this.#model.insertOne(record);
  }

  async get(scope: TenantScope, id: string): Promise<ReplayRecord | null> {
    return this.#model.findOne({ ...ownerScopeFilter(scope), _id: id }).lean<ReplayRecord>();
  }

  async list(scope: TenantScope, page: PageRequest): Promise<Page<ReplayRecord>> {
    return readPage(page, (count) =>
      this.#model
        .find({
          ...ownerScopeFilter(scope),
          ...(page.after === null ? {} : { _id: trusted({ $lt: page.after }) }),
        })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<ReplayRecord[]>(),
    );
  }

  countRunning(ownerKey: string): Promise<number> {
    return this.#model.countDocuments({ owner_key: ownerKey, state: 'running' });
  }

  async cancel(scope: TenantScope, id: string, at: Date): Promise<ReplayRecord | 'not_found' | 'done'> {
    const own = { ...ownerScopeFilter(scope), _id: id };
    // `next_step_at` stays: the batch at hand has yet to be counted.
    await this.#model.updateOne({ ...own, state: 'running' }, { $set: { state: 'cancelled', completed_at: at } });
    const replay = await this.#model.findOne(own).lean<ReplayRecord>();
    if (replay === null) return 'not_found';
    return replay.state === 'done' ? 'done' : replay;
  }

  async takeStep({ token, now, leaseMs }: { token: string; now: Date; leaseMs: number }): Promise<ReplayRecord | null> {
    const due = await this.#collection
      .find({ next_step_at: { $lte: now } })
      .sort({ next_step_at: 1 })
      .limit(TRIES)
      .toArray();
    for (const { _id, next_step_at } of due) {
      if (next_step_at === undefined) continue;
      // Whoever takes a step moves its time on, so only one of those who saw it due gets it.
      const taken = await this.#collection.findOneAndUpdate(
        { _id, next_step_at },
        { $set: { lease_token: token, next_step_at: new Date(now.getTime() + leaseMs) } },
        { returnDocument: 'after', ...DURABLE },
      );
      if (taken !== null) return taken;
    }
    return null;
  }

  async beginBatch(step: ReplayStep, batch: NonNullable<ReplayRecord['batch']>): Promise<boolean> {
    const { matchedCount } = await this.#collection.updateOne(
      { _id: step.replayId, lease_token: step.token, state: 'running', batch: null },
      { $set: { batch }, $inc: { matched: batch.ids.length } },
      DURABLE,
    );
    return matchedCount === 1;
  }

  async endStep(step: ReplayStep, end: StepEnd): Promise<boolean> {
    const { next, nextStepAt, now } = end;
    const over = { lease_token: '', next_step_at: '' } as const;
    const change: Change =
      next === null
        ? { $set: { state: 'done', completed_at: now }, $unset: over }
        : { $set: { position: next, next_step_at: nextStepAt }, $unset: { lease_token: '' } };
    if (await this.#end(step, 'running', change, end)) return true;
    // What was cancelled meanwhile stays so: its last batch is counted, and that is all.
    return this.#end(step, 'cancelled', { $unset: over }, end);
  }

  async #end(
    { replayId, token }: ReplayStep,
    state: ReplayRecord['state'],
    { $set, $unset }: Change,
    { counts, failures }: StepEnd,
  ): Promise<boolean> {
    const { matchedCount } = await this.#collection.updateOne(
      { _id: replayId, lease_token: token, state },
      {
        $set: { ...$set, batch: null },
        $unset,
        $inc: {
          replayed: counts.replayed,
          failed: counts.failed,
          skipped: counts.skipped,
          'failures.payload_gone': failures.payload_gone ?? 0,
          'failures.subscription_deleted': failures.subscription_deleted ?? 0,
        },
      },
      DURABLE,
    );
    return matchedCount === 1;
  }
}
