import type { QueueProducer } from '@owngateway/queue';
import type { DueNotification, NotificationRepository } from '@owngateway/store';

/** A notification this long past its time has probably lost its job. If not, adding it again is swallowed. */
const LATE_MS = 5_000;

const BATCH = 1_000;

/** A bound for one sweep; what is left comes next time. */
const MOST_PER_SWEEP = 20_000;

export interface NotificationSweepTools {
  notifications: Pick<NotificationRepository, 'findDue'>;
  producer: Pick<QueueProducer, 'addNotifications'>;
  now: () => Date;
}

/** Puts notifications that wait to be read, and whose time has passed, back on the queue of ingress (rule 5). Returns how many. */
export async function sweepNotifications({ notifications, producer, now }: NotificationSweepTools): Promise<number> {
  const olderThan = new Date(now().getTime() - LATE_MS);
  let after: DueNotification | null = null;
  let found = 0;
  while (found < MOST_PER_SWEEP) {
    const due: DueNotification[] = await notifications.findDue({ olderThan, after, limit: BATCH });
    await producer.addNotifications(
      due.map((one) => ({ notificationId: one._id, accountId: one.connector_account_id, round: one.round })),
    );
    found += due.length;
    after = due.at(-1) ?? null;
    if (due.length < BATCH) break;
  }
  return found;
}
