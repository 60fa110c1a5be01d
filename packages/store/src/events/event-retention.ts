import type mongoose from 'mongoose';
import { deliveryIdSpanOf } from '../deliveries/delivery-ids.ts';
import type { DeliveryRecord } from '../deliveries/delivery-record.ts';
import { UNFINISHED } from '../deliveries/delivery-states.ts';
import { firstIdAt } from '../paging/id-range.ts';
import type { EventRecord } from './event-repository.ts';

type Collection<T extends { _id: string }> = mongoose.mongo.Collection<T>;

/** How far the bodies were taken: every event below `up_to` was looked at once. */
export interface RetentionProgress {
  _id: 'event_bodies';
  up_to: string;
}

/**
 * Takes bodies and later whole events out (rule 2). It walks along `_id`, which is time, and remembers how far it came; events
 * whose body must stay a while are marked (`body_kept_since`, sparse index) and looked at again by that mark. So every event is
 * read once for its body, however long skeletons stay.
 */
export class EventRetention {
  readonly #events: Collection<EventRecord>;
  readonly #deliveries: Collection<DeliveryRecord>;
  readonly #progress: Collection<RetentionProgress>;

  constructor(
    events: Collection<EventRecord>,
    deliveries: Collection<DeliveryRecord>,
    progress: Collection<RetentionProgress>,
  ) {
    this.#events = events;
    this.#deliveries = deliveries;
    this.#progress = progress;
  }

  async expire({ bodiesBefore, skeletonsBefore, limit }: { bodiesBefore: Date; skeletonsBefore: Date; limit: number }) {
    const walked = await this.#walk(bodiesBefore, limit);
    const kept = walked.examined < limit ? await this.#lookAgain(bodiesBefore, limit - walked.examined) : NOTHING;
    // Whose body is still there is still needed (held, or never fanned out), however old it is.
    const outdated = { _id: { $lt: firstIdAt('evt', skeletonsBefore) }, body: null };
    const old = await this.#ids(outdated, { _id: 1 }, limit);
    const { deletedCount } =
      old.length === 0 ? { deletedCount: 0 } : await this.#events.deleteMany({ _id: { $in: old } });
    return {
      bodies: walked.bodies + kept.bodies,
      skeletons: deletedCount,
      examined: walked.examined + kept.examined,
    };
  }

  /** Goes on from where the last step ended, to events made before `bodiesBefore`. */
  async #walk(bodiesBefore: Date, limit: number) {
    const progress = await this.#progress.findOne({ _id: 'event_bodies' });
    const upTo = progress?.up_to ?? '';
    const ids = await this.#ids({ _id: { $gte: upTo, $lt: firstIdAt('evt', bodiesBefore) } }, { _id: 1 }, limit);
    const last = ids.at(-1);
    if (last === undefined) return NOTHING;
    const bodies = await this.#takeBodies(ids, bodiesBefore);
    // `$max`: another process may have come further meanwhile.
    await this.#progress.updateOne({ _id: 'event_bodies' }, { $max: { up_to: `${last}~` } }, { upsert: true });
    return { bodies, examined: ids.length };
  }

  async #lookAgain(bodiesBefore: Date, limit: number) {
    const ids = await this.#ids({ body_kept_since: { $lt: bodiesBefore } }, { body_kept_since: 1 }, limit);
    if (ids.length === 0) return NOTHING;
    return { bodies: await this.#takeBodies(ids, bodiesBefore), examined: ids.length };
  }

  /** Takes the bodies of those events whose deliveries all ended before `endedBefore`; marks the others. */
  async #takeBodies(ids: string[], endedBefore: Date): Promise<number> {
    const needed = await this.#stillNeeded(ids, endedBefore);
    const free = ids.filter((id) => !needed.has(id));
    const { modifiedCount } = await this.#events.updateMany(
      { _id: { $in: free } },
      { $set: { body: null }, $unset: { body_kept_since: '' } },
    );
    if (needed.size > 0) {
      await this.#events.updateMany({ _id: { $in: [...needed] } }, { $currentDate: { body_kept_since: true } });
    }
    return modifiedCount;
  }

  /** Events with deliveries that have not ended long enough, or that were never fanned out (a dispatcher that was away for weeks). */
  async #stillNeeded(ids: string[], endedBefore: Date): Promise<Set<string>> {
    const { from, to } = deliveryIdSpanOf(ids);
    const waiting = this.#events
      .find({ _id: { $in: ids } }, { projection: { awaiting_fan_out_since: 1, awaiting_overflow_since: 1 } })
      .toArray();
    const deliveries = this.#deliveries
      .find(
        {
          _id: { $gte: from, $lt: to },
          $or: [{ status: { $in: [...UNFINISHED] } }, { completed_at: { $gte: endedBefore } }],
        },
        { projection: { event_id: 1 } },
      )
      .toArray();
    const asked = new Set(ids);
    const [events, open] = await Promise.all([waiting, deliveries]);
    const awaiting = events.filter(awaitsFanOut).map(({ _id }) => _id);
    return new Set([...awaiting, ...open.map(({ event_id }) => event_id)].filter((id) => asked.has(id)));
  }

  async #ids(filter: mongoose.mongo.Filter<EventRecord>, sort: Record<string, 1>, limit: number): Promise<string[]> {
    const found = await this.#events
      .find(filter, { projection: { _id: 1 } })
      .sort(sort)
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }
}

/** In either lane. */
function awaitsFanOut({ awaiting_fan_out_since, awaiting_overflow_since }: EventRecord): boolean {
  return awaiting_fan_out_since !== undefined || awaiting_overflow_since !== undefined;
}

const NOTHING = { bodies: 0, examined: 0 };
