import { timeOfId } from '@owngateway/domain';
import type { QueueInspector, QueueProducer } from '@owngateway/queue';
import type { EventRepository } from '@owngateway/store';
import { countedPerMerchant } from './counted-per-merchant.ts';

/** As for the first lane. */
const LATE_MS = 10_000;

/** In one sweep. */
const MOST_PER_SWEEP = 10_000;

/** In one call of Redis. */
const BATCH = 1_000;

export interface OverflowSweepTools {
  events: Pick<EventRepository, 'findAwaitingFanOut'>;
  inspector: Pick<QueueInspector, 'oldestOverflowEvent'>;
  producer: Pick<QueueProducer, 'addOverflow'>;
  now: () => Date;
}

/**
 * What `sweepEvents` does, for the overflow lane: its jobs take turns and do not lie in the order of their age, so the
 * oldest is found by the ids of the events that they are named after (rule 5). Merchants take turns in what is put back, too.
 */
export async function sweepOverflow({ events, inspector, producer, now }: OverflowSweepTools): Promise<number> {
  const oldest = await inspector.oldestOverflowEvent();
  if (oldest === 'unknown') return 0;
  const nowMs = now().getTime();
  const oldestMs = oldest === 'none' ? nowMs : timeOfId(oldest.eventId).getTime();
  const olderThan = new Date(Math.min(nowMs, oldestMs) - LATE_MS);
  const found = countedPerMerchant(
    await events.findAwaitingFanOut({ lane: 'overflow', olderThan, limit: MOST_PER_SWEEP }),
  );
  for (let start = 0; start < found.length; start += BATCH) {
    const part = found.slice(start, start + BATCH);
    await producer.addOverflow(
      part.map(({ event, before }) => ({
        eventId: event._id,
        merchantId: event.merchant_id ?? '',
        behind: before,
      })),
      { swept: true },
    );
  }
  return found.length;
}
