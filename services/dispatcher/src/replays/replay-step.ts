import {
  type DeliveryRepository,
  type MerchantRepository,
  type ReplayRecord,
  type ReplayRepository,
  type TenantScope,
  tenantScopeOf,
} from '@owngateway/store';
import type { BatchReport, createReplayBatch } from './replay-batch.ts';

/** Deliveries in one batch: what a cancelled replay may still send, and what is done again after a crash. */
const MAX_BATCH = 100;

/** How long a replay waits when Redis takes no jobs. To go on would pile up what the sweeper then lets loose at once. */
const REDIS_AWAY_MS = 10_000;

export interface ReplayStepTools {
  replays: Pick<ReplayRepository, 'beginBatch' | 'endStep'>;
  deliveries: Pick<DeliveryRepository, 'lookForReplay'>;
  merchants: Pick<MerchantRepository, 'idsBelow'>;
  batch: ReturnType<typeof createReplayBatch>;
  now: () => Date;
}

/** What a step did, and when the replay's next one is due; null when it was the last. */
export interface StepReport extends BatchReport {
  nextStepAt: Date | null;
}

const NOTHING: BatchReport = { counts: { replayed: 0, failed: 0, skipped: 0 }, failures: {}, isEnqueued: true };

/**
 * One step of a bulk replay: finds the next batch, or takes the one that a crash left, replays it, counts it. The batch is
 * written down before and the counts after, so whatever happens in between is done again and counted once.
 */
export function createReplayStep({ replays, deliveries, merchants, batch: replayBatch, now }: ReplayStepTools) {
  /** The batch at hand, or a new one; null when the replay may not begin one any more. */
  async function batchFor(replay: ReplayRecord, token: string, scope: TenantScope): Promise<ReplayRecord['batch']> {
    if (replay.batch !== null || replay.state !== 'running') return replay.batch;
    const { position, selection, rate_per_s } = replay;
    const limit = Math.min(rate_per_s, MAX_BATCH);
    const found = await deliveries.lookForReplay(scope, selection, { position, limit });
    if (found.ids.length === 0) return found;
    return (await replays.beginBatch({ replayId: replay._id, token }, found)) ? found : null;
  }

  return async (replay: ReplayRecord, token: string): Promise<StepReport> => {
    const begunMs = now().getTime();
    // Whom it reaches now, not when it was asked for: a merchant may have left its reseller since.
    const scope = await tenantScopeOf(replay.owner, merchants);
    const batch = await batchFor(replay, token, scope);
    const { ids, next } = batch ?? { ids: [], next: replay.position };
    const report = ids.length === 0 ? NOTHING : await replayBatch(scope, replay, ids);
    const pauseMs = report.isEnqueued ? (ids.length / replay.rate_per_s) * 1_000 : REDIS_AWAY_MS;
    const nextStepAt = new Date(begunMs + pauseMs);
    const { counts, failures } = report;
    await replays.endStep({ replayId: replay._id, token }, { next, counts, failures, nextStepAt, now: now() });
    return { ...report, nextStepAt: next === null ? null : nextStepAt };
  };
}
