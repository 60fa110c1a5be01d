import type { Logger } from '@owngateway/service-kit';
import type { AttemptRecord } from '@owngateway/store';
import type { DispatcherMetrics } from '../dispatcher-metrics.ts';
import type { AttemptOrder } from './attempt.ts';

/** One wide line per attempt, and its metrics. Neither body nor URL nor headers: they may hold secrets. */
export function createAttemptReport(
  logger: Logger,
  metrics: Pick<DispatcherMetrics, 'attempts' | 'attemptSeconds'>,
): (order: AttemptOrder, record: AttemptRecord) => void {
  return (order, record) => {
    metrics.attempts.inc({ outcome: record.outcome, trigger: record.trigger });
    metrics.attemptSeconds.observe({ outcome: record.outcome }, record.duration_ms / 1000);
    logger.info(
      {
        eventId: order.event.id,
        eventType: order.event.type,
        deliveryId: order.deliveryId,
        subscriptionId: order.recipient.subscriptionId,
        attempt: record.number,
        trigger: record.trigger,
        outcome: record.outcome,
        httpStatus: record.http_status,
        durationMs: record.duration_ms,
      },
      'attempt',
    );
  };
}
