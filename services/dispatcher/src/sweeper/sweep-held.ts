import type { QueueProducer } from '@owngateway/queue';
import type { DeliveryRepository } from '@owngateway/store';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import { enqueueDue } from './sweep-deliveries.ts';

/**
 * Subscriptions looked at in one sweep. Those that stay disabled are among them every time, so a low bound would keep the
 * enabled ones from their turn.
 */
const SUBSCRIPTIONS = 100_000;

/** Held deliveries of one subscription that one sweep releases: a backlog comes back in order and not all at once. */
const RELEASED_PER_SWEEP = 500;

export interface HeldSweepTools {
  deliveries: Pick<DeliveryRepository, 'subscriptionsWithHeld' | 'releaseHeld' | 'cancelForSubscription'>;
  directory: Pick<SubscriptionDirectory, 'refresh' | 'find' | 'isUnusable'>;
  producer: Pick<QueueProducer, 'addDeliveries' | 'addRetries'>;
  now: () => Date;
}

/** Releases what was held for subscriptions that are enabled again, and cancels it where they were deleted. Returns how many. */
export async function sweepHeld(tools: HeldSweepTools): Promise<number> {
  const ids = await tools.deliveries.subscriptionsWithHeld(SUBSCRIPTIONS);
  if (ids.length === 0) return 0;
  await tools.directory.refresh();
  let released = 0;
  for (const id of ids) {
    if (tools.directory.isUnusable(id)) continue;
    const recipient = tools.directory.find(id);
    if (recipient === undefined) await tools.deliveries.cancelForSubscription(id, tools.now());
    else if (recipient.enabled) {
      const due = await tools.deliveries.releaseHeld(id, tools.now(), RELEASED_PER_SWEEP);
      await enqueueDue(tools.producer, due);
      released += due.length;
    }
  }
  return released;
}
