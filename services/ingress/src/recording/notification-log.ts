import { createGroupCommit, type NotificationRecord, type NotificationRepository } from '@owngateway/store';
import { writeAgain } from './write-again.ts';

/** Where notifications are stored, many at a time. */
export interface NotificationLog {
  /** Resolves once it is durable; rejects when the store is away. */
  record(notification: NotificationRecord): Promise<void>;
  drain(): Promise<void>;
  readonly waiting: number;
}

/** The driver cuts what is too long for one wire message (bodies have up to 1 MiB). */
const GROUP = { maxGroup: 200, gather: { ms: 5, from: 8 } };

export function createNotificationLog(
  notifications: Pick<NotificationRepository, 'insertMany'>,
  onFault: (fault: unknown) => void,
): NotificationLog {
  const commit = createGroupCommit<NotificationRecord, void>({
    ...GROUP,
    async write(group) {
      await writeAgain(() => notifications.insertMany(group), onFault);
      return group.map(() => undefined);
    },
  });
  return {
    record: (notification) => commit.add(notification),
    drain: () => commit.drain(),
    get waiting() {
      return commit.waiting;
    },
  };
}
