import type { Acknowledgement, RawNotification } from '@owngateway/connectors';
import type { NotificationRecord } from '@owngateway/store';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AccountPath } from '../accounts/account-path.ts';
import type { EventLog } from '../recording/event-log.ts';
import type { NotificationLog } from '../recording/notification-log.ts';
import { keptHeaders } from './kept-headers.ts';
import {
  type GenuineNotification,
  type ReadingRules,
  type ReadNotification,
  readNotification,
} from './read-notification.ts';
import { isRepeat, type Repeats } from './repeats.ts';
import { type SenderRefusal, verifySender } from './verify-sender.ts';

/** What became of a notification. */
export type Reception =
  | {
      kind: 'acknowledged';
      /** To be answered with. */
      acknowledgement: Acknowledgement;
      connector: string;
      accountId: string;
      notificationId: string;
      /** `repeated`: everything in it was known. */
      verdict: NotificationRecord['verdict'] | 'repeated';
      newEvents: number;
    }
  | { kind: 'refused'; reason: SenderRefusal }
  | { kind: 'undecided' };

export interface ReceiveNotificationParts extends ReadingRules {
  accounts: AccountDirectory;
  eventLog: EventLog;
  notificationLog: NotificationLog;
  repeats: Repeats;
  now: () => Date;
}

/**
 * Receives one notification: who sent it, what does it say, store that. Resolves as acknowledged only when every one of
 * its events is durable (P1); rejects when the store is away.
 */
export type ReceiveNotification = (path: AccountPath, raw: RawNotification) => Promise<Reception>;

export function createReceiveNotification(parts: ReceiveNotificationParts): ReceiveNotification {
  return async (path, raw) => {
    const receivedAt = parts.now();
    const sender = await verifySender(parts.accounts, path, raw, receivedAt);
    if (sender.kind !== 'genuine') {
      return sender;
    }
    const { account, connector, signedAt } = sender;
    const notification = { id: parts.newId('ntf'), raw, account, connector, signedAt, receivedAt };
    const content = readNotification(notification, parts);
    const stored =
      content.events.length > 0
        ? await storeEvents(notification, content, parts)
        : await storeWithoutEvents(notification, content, parts);
    return {
      kind: 'acknowledged',
      acknowledgement: connector.acknowledgement,
      connector: connector.name,
      accountId: account._id,
      notificationId: notification.id,
      ...stored,
    };
  };
}

type Stored = Pick<Extract<Reception, { kind: 'acknowledged' }>, 'verdict' | 'newEvents'>;

/**
 * Events first: only then is it known which events stand for the facts, so that the record of the notification tells the
 * truth, and which notifications are mere repeats. The events are already on their way to the queue meanwhile.
 */
async function storeEvents(
  notification: GenuineNotification,
  content: ReadNotification,
  { eventLog, notificationLog, repeats }: ReceiveNotificationParts,
): Promise<Stored> {
  const { events, items, verdict } = content;
  const standing = await eventLog.record(events);
  const newEvents = events.reduce((count, event, index) => (event._id === standing[index] ? count + 1 : count), 0);
  if (isRepeat(events, standing) && !repeats.isRecorded(notification.account._id)) {
    return { verdict: 'repeated', newEvents };
  }
  if (newEvents < events.length) {
    const standingIds = new Map(events.map((event, index) => [event._id, standing[index] ?? event._id]));
    for (const item of items) {
      item.event_id = item.event_id === null ? null : (standingIds.get(item.event_id) ?? item.event_id);
    }
  }
  await notificationLog.record(recordOf(notification, content));
  return { verdict: newEvents === 0 ? 'repeated' : verdict, newEvents };
}

/** Nothing in the store can tell whether it was here before, so this process remembers for a while. */
async function storeWithoutEvents(
  notification: GenuineNotification,
  content: ReadNotification,
  { notificationLog, repeats }: ReceiveNotificationParts,
): Promise<Stored> {
  const { account, raw } = notification;
  if (repeats.wasRecorded(account._id, raw.body) && !repeats.isRecorded(account._id)) {
    return { verdict: 'repeated', newEvents: 0 };
  }
  await notificationLog.record(recordOf(notification, content));
  repeats.noteRecorded(account._id, raw.body);
  return { verdict: content.verdict, newEvents: 0 };
}

function recordOf(notification: GenuineNotification, { verdict, items }: ReadNotification): NotificationRecord {
  const { id, account, raw, receivedAt, signedAt } = notification;
  return {
    _id: id,
    merchant_id: account.merchant_id,
    connector: account.connector,
    connector_account_id: account._id,
    received_at: receivedAt,
    signed_at: signedAt,
    headers: keptHeaders(raw.headers),
    query: raw.query,
    body: raw.body,
    verdict,
    items,
  };
}
