import type { DeliveryRepository } from '@owngateway/store';
import type { Backlogs } from '../backlog/backlogs.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';

/**
 * Subscriptions looked at in one sweep. Those that stay disabled are among them every time, so a low bound would keep the
 * enabled ones from their turn.
 */
const SUBSCRIPTIONS = 100_000;

export interface HeldSweepTools {
  deliveries: Pick<DeliveryRepository, 'subscriptionsWithHeld' | 'cancelForSubscription'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find'>;
  backlogs: Pick<Backlogs, 'send'>;
  now: () => Date;
}

/**
 * Has the backlogs of subscriptions that are enabled again sent, and cancels what was held for deleted ones. Returns how
 * many were cancelled: a backlog that is sent is no repair.
 */
export async function sweepHeld(tools: HeldSweepTools): Promise<number> {
  const ids = await tools.deliveries.subscriptionsWithHeld(SUBSCRIPTIONS);
  if (ids.length === 0) return 0;
  await tools.directory.refresh();
  const enabled: string[] = [];
  let cancelled = 0;
  for (const id of ids) {
    const recipient = tools.directory.find(id);
    if (recipient === undefined) cancelled += await tools.deliveries.cancelForSubscription(id, tools.now());
    else if (recipient.enabled) enabled.push(id);
  }
  tools.backlogs.send(enabled);
  return cancelled;
}
