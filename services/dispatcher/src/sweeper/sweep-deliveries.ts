import type { DeliveryToEnqueue, QueueProducer } from '@owngateway/queue';
import type { DeliveryRepository, DueDelivery } from '@owngateway/store';

/** A delivery this long past its time has probably lost its job. If not, adding it again is swallowed. */
const LATE_MS = 5_000;

const BATCH = 1_000;

/** A bound for one sweep; what is left comes next time. */
const MOST_PER_SWEEP = 50_000;

export interface DeliverySweepTools {
  deliveries: Pick<DeliveryRepository, 'findDue'>;
  producer: Pick<QueueProducer, 'addDeliveries' | 'addRetries'>;
  now: () => Date;
}

/** Puts deliveries whose time or lease has passed back on the queue where their job would be (rule 5). Returns how many. */
export async function sweepDeliveries(tools: DeliverySweepTools): Promise<number> {
  const olderThan = new Date(tools.now().getTime() - LATE_MS);
  let after: DueDelivery | null = null;
  let found = 0;
  while (found < MOST_PER_SWEEP) {
    const due: DueDelivery[] = await tools.deliveries.findDue({ olderThan, after, limit: BATCH });
    await enqueueDue(tools.producer, due);
    found += due.length;
    after = due.at(-1) ?? null;
    if (due.length < BATCH) break;
  }
  return found;
}

/** First attempts go to `deliveries`, everything later to `retries`, at once. */
export async function enqueueDue(
  producer: Pick<QueueProducer, 'addDeliveries' | 'addRetries'>,
  due: readonly DueDelivery[],
): Promise<void> {
  const isFirst = (delivery: DueDelivery) => delivery.attempts_total === 0 && delivery.round === 0;
  await producer.addDeliveries(due.filter(isFirst).map(toEnqueue));
  await producer.addRetries(due.filter((delivery) => !isFirst(delivery)).map(toEnqueue));
}

function toEnqueue(delivery: DueDelivery): DeliveryToEnqueue {
  return {
    deliveryId: delivery._id,
    round: delivery.round,
    subscriptionId: delivery.subscription_id,
    delayMs: 0,
  };
}
