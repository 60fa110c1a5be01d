import type { DeliveryRecord, DeliveryRepository, EventRepository, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { EnqueueReplays } from './enqueue-replays.ts';

export type ReplayDeliveryOutcome =
  | { kind: 'replayed'; delivery: DeliveryRecord }
  | { kind: 'not_found' }
  | { kind: 'payload_gone' }
  | { kind: 'subscription_disabled' }
  | { kind: 'subscription_deleted' };

/** Tries one delivery again now, in a new round under a fresh policy (000.21). */
export function replayDelivery(sources: {
  deliveries: Pick<DeliveryRepository, 'get' | 'replay'>;
  events: Pick<EventRepository, 'loadForDelivery'>;
  subscriptions: Pick<SubscriptionRepository, 'get'>;
  enqueue: EnqueueReplays;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { deliveries, events, subscriptions, enqueue, trail, now } = sources;

  /** What would make the new round end at once. */
  async function obstacle(caller: Caller, delivery: DeliveryRecord): Promise<ReplayDeliveryOutcome | null> {
    const [event] = await events.loadForDelivery([delivery.event_id]);
    if (event === undefined || event.body === null) return { kind: 'payload_gone' };
    if (delivery.subscription_id === null) return null;
    const subscription = await subscriptions.get(caller.scope, delivery.subscription_id);
    if (subscription === null) return { kind: 'subscription_deleted' };
    return subscription.status === 'disabled' ? { kind: 'subscription_disabled' } : null;
  }

  return async (caller: Caller, id: string): Promise<ReplayDeliveryOutcome> => {
    const existing = await deliveries.get(caller.scope, id);
    if (existing === null) return { kind: 'not_found' };
    const obstructed = await obstacle(caller, existing);
    if (obstructed !== null) return obstructed;
    const delivery = await deliveries.replay(caller.scope, id, now());
    if (delivery === 'not_found') return { kind: 'not_found' };
    await trail.record(caller, { action: 'delivery.replay', ownerKey: delivery.owner_key, resourceId: id });
    await enqueue([delivery]);
    return { kind: 'replayed', delivery };
  };
}
