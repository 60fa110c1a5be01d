import type { IdSource } from '@owngateway/domain';
import type { AnnouncementDue, DeliveryRepository, SubscriptionRepository } from '@owngateway/store';
import type { Recipient } from '../directory/recipient.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';

/** Why a subscription is switched off. */
export type SwitchOffCause =
  /** Its endpoint answered 410. */
  | { kind: 'gone' }
  /** No attempt has succeeded for as long as its `auto_disable` says. */
  | { kind: 'failing'; since: Date; afterFailingForS: number };

export interface SwitchOffTools {
  subscriptions: Pick<SubscriptionRepository, 'disable'>;
  deliveries: Pick<DeliveryRepository, 'holdForSubscription'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find'>;
  announce: (due: AnnouncementDue) => Promise<void>;
  newId: IdSource;
  now: () => Date;
}

/**
 * Switches a subscription off, puts its open deliveries on hold and tells its owner. However many processes come to it at
 * once, one of them does; should it die in between, each delivery is held when its turn comes, and the sweeper announces.
 */
export type SwitchOff = (recipient: Recipient, cause: SwitchOffCause) => Promise<void>;

export function createSwitchOff(tools: SwitchOffTools): SwitchOff {
  async function isOff(subscriptionId: string): Promise<boolean> {
    await tools.directory.refresh();
    return tools.directory.find(subscriptionId)?.enabled === false;
  }

  return async (recipient, cause) => {
    const { subscriptionId, owner, ownerKey } = recipient;
    const announcement = {
      event_id: tools.newId('evt'),
      at: tools.now(),
      disabled_for: cause.kind,
      failing_since: cause.kind === 'failing' ? cause.since : recipient.failingSince,
    };
    const isMine = await tools.subscriptions.disable(subscriptionId, {
      reason: reasonFor(cause),
      announcement,
      ...(cause.kind === 'failing' && {
        provided: { failingSince: cause.since, afterFailingForS: cause.afterFailingForS },
      }),
      ...(cause.kind === 'gone' && { endpoint: { url: recipient.url, enabledAt: recipient.enabledAt } }),
    });
    // Somebody else did, or it is not as this process saw it. After a 410 there may be something to hold all the same, unless
    // its address has changed, or it was enabled, while the attempt was under way: then what is held goes to what is there now.
    if (!isMine && (cause.kind === 'failing' || !(await isOff(subscriptionId)))) return;
    await tools.deliveries.holdForSubscription(subscriptionId);
    if (isMine) await tools.announce({ _id: subscriptionId, owner, owner_key: ownerKey, announcement });
  };
}

/** What the API shows as `status_reason`. */
function reasonFor(cause: SwitchOffCause): string {
  switch (cause.kind) {
    case 'gone':
      return 'The endpoint answered 410 Gone.';
    case 'failing':
      return `No attempt has succeeded since ${cause.since.toISOString()}, for longer than auto_disable allows.`;
  }
}
