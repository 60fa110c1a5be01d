import type { DeliveryRepository, SubscriptionRecord, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { retryOnConflict } from '../concurrency/retry-on-conflict.ts';

export type SwitchOutcome = SubscriptionRecord | 'not_found' | 'conflict';

interface Sources {
  subscriptions: Pick<SubscriptionRepository, 'get' | 'update'>;
  deliveries: Pick<DeliveryRepository, 'holdForSubscription' | 'cancelForSubscription'>;
  trail: AuditTrail;
  now: () => Date;
}

/** Switches a subscription off and puts its open deliveries on hold. Doing it twice only changes the reason. */
export function disableSubscription({ subscriptions, deliveries, trail }: Sources) {
  return async (caller: Caller, id: string, reason: string): Promise<SwitchOutcome> => {
    const outcome = await retryOnConflict(async () => {
      const current = await subscriptions.get(caller.scope, id);
      if (current === null) return 'not_found';
      return subscriptions.update(caller.scope, id, current.version, { status: 'disabled', status_reason: reason });
    });
    if (outcome === 'not_found' || outcome === 'conflict') return outcome;
    // Second, so that a worker which claims one of them meanwhile sees the subscription disabled and holds it too.
    await deliveries.holdForSubscription(id);
    await trail.record(caller, { action: 'subscription.disable', ownerKey: outcome.owner_key, resourceId: id });
    return outcome;
  };
}

/** What becomes of the deliveries that were held. */
export type Backlog = 'send' | 'drop';

/**
 * Switches a subscription on. Held deliveries are released by the dispatcher's sweeper (rule 5), or cancelled first when
 * they shall be dropped. One that is on already keeps its deliveries.
 */
export function enableSubscription({ subscriptions, deliveries, trail, now }: Sources) {
  return async (
    caller: Caller,
    id: string,
    { backlog, reason }: { backlog: Backlog; reason: string | null },
  ): Promise<SwitchOutcome> => {
    const outcome = await retryOnConflict(async () => {
      const current = await subscriptions.get(caller.scope, id);
      if (current === null) return 'not_found';
      if (backlog === 'drop' && current.status === 'disabled') await deliveries.cancelForSubscription(id, now());
      return subscriptions.update(caller.scope, id, current.version, {
        status: 'enabled',
        status_reason: reason,
        failing_since: null,
        // Nor does what dispatchers know of its endpoint count any more: a breaker that is open closes.
        enabled_at: now(),
      });
    });
    if (outcome === 'not_found' || outcome === 'conflict') return outcome;
    await trail.record(caller, {
      action: 'subscription.enable',
      ownerKey: outcome.owner_key,
      resourceId: id,
      fields: [`backlog:${backlog}`],
    });
    return outcome;
  };
}
