import type { DeliveryRepository, EventRepository } from '@owngateway/store';

const DAY_MS = 86_400_000;

/** Retention is not urgent. */
const EVERY_MS = 60_000;

const BATCH = 1_000;

/** Steps in one sweep, so that no other repair waits long for them. With a sweep every 5 s that is 2,000 events a second. */
const STEPS = 10;

export interface ExpirySweepTools {
  events: Pick<EventRepository, 'expire'>;
  deliveries: Pick<DeliveryRepository, 'expire'>;
  now: () => Date;
  retentionDays: number;
  dedupeDays: number;
}

/**
 * Takes away bodies past `RETENTION_DAYS`, and skeletons and deliveries that have ended past `DEDUPE_DAYS` (rule 2): once a
 * minute, and with every sweep while there is more. Never counts as a repair, so it returns 0.
 */
export function createExpirySweep(tools: ExpirySweepTools): () => Promise<number> {
  let lastAtMs = 0;

  /** False when there may be more. */
  async function step(nowMs: number): Promise<boolean> {
    const longAgo = new Date(nowMs - tools.dedupeDays * DAY_MS);
    const { examined, skeletons } = await tools.events.expire({
      bodiesBefore: new Date(nowMs - tools.retentionDays * DAY_MS),
      skeletonsBefore: longAgo,
      limit: BATCH,
    });
    const deliveries = await tools.deliveries.expire({ before: longAgo, limit: BATCH });
    return Math.max(examined, skeletons, deliveries) < BATCH;
  }

  return async () => {
    const nowMs = tools.now().getTime();
    if (nowMs - lastAtMs < EVERY_MS) return 0;
    lastAtMs = nowMs;
    for (let steps = 0; steps < STEPS; steps++) if (await step(nowMs)) return 0;
    lastAtMs = 0;
    return 0;
  };
}
