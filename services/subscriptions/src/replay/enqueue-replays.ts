import type { QueueProducer } from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { DeliveryRecord } from '@owngateway/store';

/** Puts deliveries of a new round on the queue. */
export type EnqueueReplays = (
  deliveries: readonly Pick<DeliveryRecord, '_id' | 'round' | 'subscription_id'>[],
) => Promise<void>;

/**
 * Never rejects: the deliveries are written as due, so when Redis is away the dispatcher's sweeper puts them on the queue
 * later (P6), and the person who asked need not ask again.
 */
export function enqueueReplays(producer: Pick<QueueProducer, 'addRetries'>, logger: Logger): EnqueueReplays {
  return async (deliveries) => {
    if (deliveries.length === 0) return;
    try {
      await producer.addRetries(
        deliveries.map(({ _id, round, subscription_id }) => ({
          deliveryId: _id,
          round,
          subscriptionId: subscription_id,
          delayMs: 0,
        })),
      );
    } catch (error) {
      logger.warn({ err: error, count: deliveries.length }, 'replays not enqueued; the sweeper will');
    }
  };
}
