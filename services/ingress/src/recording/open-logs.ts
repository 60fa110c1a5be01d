import type { NotificationToEnqueue, QueueProducer } from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { Store } from '@owngateway/store';
import { createEnqueuer } from '../enqueue/enqueuer.ts';
import type { IngressMetrics } from '../ingress-metrics.ts';
import type { MonotonicClock } from '../memory/token-bucket.ts';
import { MerchantShares } from '../shares/merchant-shares.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { createNotificationLog, type NotificationLog } from './notification-log.ts';

export interface OpenLogsOptions {
  store: Pick<Store, 'events' | 'notifications'>;
  producer: QueueProducer;
  settings: { MERCHANT_SHARE_PER_S: number; MERCHANT_SHARE_BURST: number };
  clock: MonotonicClock;
  logger: Logger;
  metrics: IngressMetrics;
  onStop: (name: string, stop: () => unknown) => void;
}

/** Where everything is stored, and on from there to the queues. */
export interface Logs {
  eventLog: EventLog;
  notificationLog: NotificationLog;
  /** Puts a stored notification that must be read again on its queue. Never throws. */
  enqueueReading: (notification: NotificationToEnqueue) => void;
}

/** On a stop they are emptied in the order of the flow. */
export function openLogs(options: OpenLogsOptions): Logs {
  const { store, producer, settings, clock, logger, metrics, onStop } = options;
  const enqueuer = createEnqueuer({
    producer,
    onLost(count, fault) {
      metrics.notEnqueued.inc(count);
      logger.debug({ count, err: fault }, 'events not enqueued; the sweeper finds them');
    },
  });
  onStop('enqueuer', () => enqueuer.drain());
  const onFault = (collection: string) => (fault: unknown) => {
    metrics.writeFaults.inc({ collection });
    logger.warn({ collection, err: fault }, 'a group was not written; it is written again');
  };
  const eventLog = createEventLog({
    events: store.events,
    shares: new MerchantShares(
      { perSecond: settings.MERCHANT_SHARE_PER_S, burst: settings.MERCHANT_SHARE_BURST },
      clock,
    ),
    onStored: (ids) => enqueuer.offer(ids),
    onOverflow(overflowing) {
      metrics.overflowed.inc(overflowing.length);
      enqueuer.offerOverflow(overflowing);
    },
    onFault: onFault('events'),
  });
  const notificationLog = createNotificationLog(store.notifications, onFault('notifications'));
  onStop('logs', () => Promise.all([eventLog.drain(), notificationLog.drain()]));
  return { eventLog, notificationLog, enqueueReading: (notification) => enqueuer.offerNotifications([notification]) };
}
