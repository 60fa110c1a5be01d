import type { EventRepository } from '@owngateway/store';

const DAY_MS = 86_400_000;

/** Retention is not urgent. */
const EVERY_MS = 60_000;

const BATCH = 1_000;

export interface ExpirySweepTools {
  events: Pick<EventRepository, 'expire'>;
  now: () => Date;
  retentionDays: number;
  dedupeDays: number;
}

/**
 * Takes away bodies past `RETENTION_DAYS` and skeletons past `DEDUPE_DAYS` (rule 2), a batch a minute. Never counts as a
 * repair, so it returns 0.
 */
export function createExpirySweep(tools: ExpirySweepTools): () => Promise<number> {
  let lastAtMs = 0;
  return async () => {
    const nowMs = tools.now().getTime();
    if (nowMs - lastAtMs < EVERY_MS) return 0;
    lastAtMs = nowMs;
    await tools.events.expire({
      bodiesBefore: new Date(nowMs - tools.retentionDays * DAY_MS),
      skeletonsBefore: new Date(nowMs - tools.dedupeDays * DAY_MS),
      limit: BATCH,
    });
    return 0;
  };
}
