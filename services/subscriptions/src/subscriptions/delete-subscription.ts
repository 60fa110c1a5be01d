import type { DeliveryRepository, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/**
 * Deletes a subscription and cancels what waits for it (rule 13). Should the service die in between, the dispatcher
 * cancels each delivery when its turn comes.
 */
export function deleteSubscription(sources: {
  subscriptions: Pick<SubscriptionRepository, 'get' | 'delete'>;
  deliveries: Pick<DeliveryRepository, 'cancelForSubscription'>;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { subscriptions, deliveries, trail, now } = sources;
  return async (caller: Caller, id: string): Promise<'deleted' | 'not_found'> => {
    const subscription = await subscriptions.get(caller.scope, id);
    if (subscription === null || !(await subscriptions.delete(caller.scope, id))) return 'not_found';
    await deliveries.cancelForSubscription(id, now());
    await trail.record(caller, {
      action: 'subscription.delete',
      ownerKey: subscription.owner_key,
      resourceId: id,
    });
    return 'deleted';
  };
}
