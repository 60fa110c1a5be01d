import type { QueueInspector, QueueProducer } from '@owngateway/queue';
import type { EventRepository } from '@owngateway/store';

/** An event is not late before this; and a job is added this much later than its event is stored, at the most. */
const LATE_MS = 10_000;

/** In one sweep: what a wiped Redis held comes back at 2,000 events a second. */
const MOST_PER_SWEEP = 10_000;

/** In one call of Redis. */
const BATCH = 1_000;

export interface EventSweepTools {
  events: Pick<EventRepository, 'findAwaitingFanOut'>;
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
  const ids = await tools.events.findAwaitingFanOut({ olderThan, limit: MOST_PER_SWEEP });
  for (let start = 0; start < ids.length; start += BATCH) {
    await tools.producer.addEvents(ids.slice(start, start + BATCH), { swept: true });
  }
  return ids.length;
}
