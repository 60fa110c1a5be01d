import type { DeliveryRecord, DeliveryRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/** Stops retrying one delivery; `conflict` when it has ended already. A request under way is not called back. */
export function cancelDelivery(sources: {
  deliveries: Pick<DeliveryRepository, 'cancel'>;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { deliveries, trail, now } = sources;
  return async (caller: Caller, id: string): Promise<DeliveryRecord | 'not_found' | 'conflict'> => {
    const outcome = await deliveries.cancel(caller.scope, id, now());
    if (typeof outcome === 'string') return outcome;
    await trail.record(caller, { action: 'delivery.cancel', ownerKey: outcome.owner_key, resourceId: id });
    return outcome;
  };
}
