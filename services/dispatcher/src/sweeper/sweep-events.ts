import type { QueueInspector, QueueProducer } from '@owngateway/queue';
import type { EventRepository } from '@owngateway/store';
import { countedPerMerchant } from './counted-per-merchant.ts';

/** An event is not late before this; and a job is added this much later than its event is stored, at the most. */
const LATE_MS = 10_000;

/** In one sweep: what a wiped Redis held comes back at 2,000 events a second. */
const MOST_PER_SWEEP = 10_000;

/** In one call of Redis. */
const BATCH = 1_000;

/** Of one merchant in one sweep; what exceeds it goes to the overflow lane, as a flood does that comes in (rule 10). */
const SHARE_PER_SWEEP = 1_000;

export interface EventSweepTools {
  events: Pick<EventRepository, 'findAwaitingFanOut' | 'moveToOverflow'>;
  inspector: Pick<QueueInspector, 'oldestEventsJobAt'>;
  producer: Pick<QueueProducer, 'addEvents'>;
  now: () => Date;
}

/**
 * Puts events that were stored but never fanned out back on their queue: an enqueue that failed, a wiped Redis, a mark that
 * was lost. Takes only events older than the oldest job there is, because a younger one's job may still be waiting
 * (rule 5). Returns how many.
 */
export async function sweepEvents(tools: EventSweepTools): Promise<number> {
  const oldestJobAt = await tools.inspector.oldestEventsJobAt();
  const now = tools.now().getTime();
  const olderThan = new Date(Math.min(now, oldestJobAt?.getTime() ?? now) - LATE_MS);
  const found = countedPerMerchant(
    await tools.events.findAwaitingFanOut({ lane: 'events', olderThan, limit: MOST_PER_SWEEP }),
  );
  // One that was put back once is not moved later: those before it only get fewer.
  const isWithin = ({ before }: { before: number }) => before < SHARE_PER_SWEEP;
  const beyond = found.filter((one) => !isWithin(one)).map(({ event }) => event._id);
  await tools.events.moveToOverflow(beyond);
  const ids = found.filter(isWithin).map(({ event }) => event._id);
  for (let start = 0; start < ids.length; start += BATCH) {
    await tools.producer.addEvents(ids.slice(start, start + BATCH), { swept: true });
  }
  return ids.length;
}
