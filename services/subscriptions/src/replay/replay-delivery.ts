import { type ReplayCircumstances, type ReplayObstacle, replayObstacle } from '@owngateway/domain';
import type { DeliveryRecord, DeliveryRepository, EventRepository, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { EnqueueReplays } from './enqueue-replays.ts';
import { patientReplay } from './patient-replay.ts';

export type ReplayDeliveryOutcome =
  | { kind: 'replayed'; delivery: DeliveryRecord }
  | { kind: 'not_found' }
  /** An earlier replay is held back and has not been sent. */
  | { kind: 'replay_waiting' }
  | { kind: ReplayObstacle };

/** Tries one delivery again now, in a new round under a fresh policy (000.21). */
export function replayDelivery(sources: {
  deliveries: Pick<DeliveryRepository, 'get' | 'replay'>;
  events: Pick<EventRepository, 'findSendable'>;
  subscriptions: Pick<SubscriptionRepository, 'get'>;
  enqueue: EnqueueReplays;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { deliveries, events, subscriptions, enqueue, trail } = sources;
  const replay = patientReplay(sources);

  async function subscriptionOf(
    caller: Caller,
    { subscription_id }: DeliveryRecord,
  ): Promise<ReplayCircumstances['subscription']> {
    if (subscription_id === null) return 'none';
    return (await subscriptions.get(caller.scope, subscription_id))?.status ?? 'deleted';
  }

  return async (caller: Caller, id: string): Promise<ReplayDeliveryOutcome> => {
    const existing = await deliveries.get(caller.scope, id);
    if (existing === null) return { kind: 'not_found' };
    const [sendable, subscription] = await Promise.all([
      events.findSendable([existing.event_id]),
      subscriptionOf(caller, existing),
    ]);
    const obstacle = replayObstacle({ hasPayload: sendable.has(existing.event_id), subscription });
    if (obstacle !== null) return { kind: obstacle };
    const delivery = await replay(caller.scope, id);
    if (delivery === 'not_found') return { kind: 'not_found' };
    if (delivery === 'unsent') return { kind: 'replay_waiting' };
    await trail.record(caller, { action: 'delivery.replay', ownerKey: delivery.owner_key, resourceId: id });
    await enqueue([delivery]);
    return { kind: 'replayed', delivery };
  };
}
