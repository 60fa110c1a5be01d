import type { QueueProducer } from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { NotificationRepository, NotificationSummary } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/** Puts a notification that is due on the queue of ingress. */
export type EnqueueReading = (notification: NotificationSummary) => Promise<void>;

/** Never rejects: the notification is written as due, so when Redis is away the dispatcher's sweeper does it later (P6). */
export function enqueueReading(producer: Pick<QueueProducer, 'addNotifications'>, logger: Logger): EnqueueReading {
  return async ({ _id: notificationId, connector_account_id: accountId, round = 0 }) => {
    try {
      await producer.addNotifications([{ notificationId, accountId, round }]);
    } catch (error) {
      logger.warn({ err: error, notificationId }, 'notification not enqueued; the sweeper will');
    }
  };
}

/** Has a notification read again by ingress, in a new round; its signature was genuine and is not asked for again. */
export function reprocessNotification(sources: {
  notifications: Pick<NotificationRepository, 'requestReading'>;
  enqueueReading: EnqueueReading;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { notifications, trail, now } = sources;
  return async (caller: Caller, id: string): Promise<NotificationSummary | 'not_found' | 'body_gone'> => {
    const asked = await notifications.requestReading(caller.scope, id, now());
    if (typeof asked === 'string') return asked;
    const ownerKey = `merchant:${asked.merchant_id}`;
    await trail.record(caller, { action: 'notification.reprocess', ownerKey, resourceId: id });
    await sources.enqueueReading(asked);
    return asked;
  };
}
