import { type ReplayCircumstances, replayObstacle } from '@owngateway/domain';
import type { QueueProducer } from '@owngateway/queue';
import type {
  DeliveryRepository,
  EventRepository,
  ReplayCandidate,
  ReplayCounts,
  ReplayFailure,
  ReplayRecord,
  TenantScope,
} from '@owngateway/store';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';

export interface ReplayBatchTools {
  deliveries: Pick<DeliveryRepository, 'loadForReplay' | 'replaySelected'>;
  events: Pick<EventRepository, 'findSendable'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find' | 'isUnusable'>;
  producer: Pick<QueueProducer, 'addRetries'>;
  now: () => Date;
  onTrouble: (what: 'enqueue', error: unknown) => void;
}

/** What became of a batch. */
export interface BatchReport {
  counts: ReplayCounts;
  failures: Partial<Record<ReplayFailure, number>>;
  /** False when Redis did not take them: the sweeper will bring them there. */
  isEnqueued: boolean;
}

/**
 * Begins the new rounds of one batch and says what became of each. Doing it again, after a crash or in a process that was
 * frozen, begins none twice and comes to the same counts: who had their turn is told by the mark on the delivery.
 */
export function createReplayBatch(tools: ReplayBatchTools) {
  const { deliveries, events, directory, producer, now, onTrouble } = tools;

  function circumstancesOf({ event_id, subscription_id }: ReplayCandidate, sendable: Set<string>): ReplayCircumstances {
    const hasPayload = sendable.has(event_id);
    if (subscription_id === null) return { hasPayload, subscription: 'none' };
    // One that cannot be used just now makes the attempt wait, as it does with every other.
    if (directory.isUnusable(subscription_id)) return { hasPayload, subscription: 'enabled' };
    const recipient = directory.find(subscription_id);
    if (recipient === undefined) return { hasPayload, subscription: 'deleted' };
    return { hasPayload, subscription: recipient.enabled ? 'enabled' : 'disabled' };
  }

  /** Begins the rounds of what nothing is in the way of; returns what cannot be sent again, and why. */
  async function begin(
    scope: TenantScope,
    replay: ReplayRecord,
    candidates: readonly ReplayCandidate[],
  ): Promise<Map<string, ReplayFailure>> {
    const [sendable] = await Promise.all([
      events.findSendable(candidates.map(({ event_id }) => event_id)),
      directory.refresh(),
    ]);
    const failed = new Map<string, ReplayFailure>();
    const [pending, held]: [string[], string[]] = [[], []];
    for (const candidate of candidates) {
      const obstacle = replayObstacle(circumstancesOf(candidate, sendable));
      if (obstacle === null) pending.push(candidate._id);
      else if (obstacle === 'subscription_disabled') held.push(candidate._id);
      else failed.set(candidate._id, obstacle);
    }
    // Later than the snapshot also by a clock that is a little behind, so that the round never looks like an old one.
    const at = new Date(Math.max(now().getTime(), replay.selection.snapshot_at.getTime() + 1));
    const round = { replayId: replay._id, at };
    await deliveries.replaySelected(scope, replay.selection, { ...round, ids: pending, status: 'pending' });
    await deliveries.replaySelected(scope, replay.selection, { ...round, ids: held, status: 'held' });
    return failed;
  }

  /** To where every replay goes, so that the caps, the breaker and the rate of each endpoint hold (P5). */
  async function enqueue(replayed: readonly ReplayCandidate[]): Promise<boolean> {
    const waiting = replayed.filter(({ status }) => status === 'pending');
    try {
      await producer.addRetries(
        waiting.map(({ _id, round, subscription_id }) => ({
          deliveryId: _id,
          round,
          subscriptionId: subscription_id,
          delayMs: 0,
        })),
      );
      return true;
    } catch (error) {
      onTrouble('enqueue', error);
      return false;
    }
  }

  return async (scope: TenantScope, replay: ReplayRecord, ids: readonly string[]): Promise<BatchReport> => {
    const hadTurn = ({ replayed_by }: ReplayCandidate) => replayed_by?.includes(replay._id) ?? false;
    const before = await deliveries.loadForReplay(scope, ids);
    // Of a cancelled replay, the batch at hand is only counted.
    const waiting = replay.state === 'running' ? before.filter((delivery) => !hadTurn(delivery)) : [];
    const failed = waiting.length === 0 ? new Map<string, ReplayFailure>() : await begin(scope, replay, waiting);
    const after = waiting.length === 0 ? before : await deliveries.loadForReplay(scope, ids);
    const replayed = after.filter(hadTurn);
    return {
      counts: { replayed: replayed.length, failed: failed.size, skipped: ids.length - replayed.length - failed.size },
      failures: {
        payload_gone: [...failed.values()].filter((why) => why === 'payload_gone').length,
        subscription_deleted: [...failed.values()].filter((why) => why === 'subscription_deleted').length,
      },
      isEnqueued: await enqueue(replayed),
    };
  };
}
