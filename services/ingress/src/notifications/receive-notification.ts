import type { Acknowledgement, RawNotification } from '@owngateway/connectors';
import type { NotificationToEnqueue } from '@owngateway/queue';
import type { NotificationRecord } from '@owngateway/store';
import type { AccountPath } from '../accounts/account-path.ts';
import type { EventLog } from '../recording/event-log.ts';
import type { NotificationLog } from '../recording/notification-log.ts';
import { keptHeaders } from './kept-headers.ts';
import type { LookLimit } from './look-limit.ts';
import {
  type GenuineNotification,
  type ReadingRules,
  type ReadNotification,
  readNotification,
} from './read-notification.ts';
import { isRepeat, type Repeats } from './repeats.ts';
import { withStandingEvents } from './standing-events.ts';
import type { SenderRefusal, VerifySender } from './verify-sender.ts';

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
  /** What proves it cannot be fetched now. */
  | { kind: 'unprovable' }
  /** More of this account than may be looked after at the vendor's API. */
  | { kind: 'too_many_looks' }
  | { kind: 'undecided' };

export interface ReceiveNotificationParts extends ReadingRules {
  verifySender: VerifySender;
  looks: LookLimit;
  eventLog: Pick<EventLog, 'record'>;
  notificationLog: Pick<NotificationLog, 'record'>;
  repeats: Repeats;
  /** Hears of what is stored and must be read again, because it only names a thing; must not throw. */
  onUnresolved: (notification: NotificationToEnqueue) => void;
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
    const sender = await parts.verifySender(path, raw, receivedAt);
    if (sender.kind !== 'genuine') {
      return sender;
    }
    const { account, connector, signedAt, isProven } = sender;
    if (!isProven && !parts.looks.take(account._id)) {
      return { kind: 'too_many_looks' };
    }
    const id = parts.newId('ntf');
    const dated = { ...raw, receivedAt };
    const notification = { id, raw: dated, account, connector, signedAt, isProven, receivedAt, readAt: receivedAt };
    const content = readNotification(notification, parts);
    const stored = await store(notification, content, parts);
    if (stored === 'too_many_looks') {
      return { kind: 'too_many_looks' };
    }
    return {
      kind: 'acknowledged',
      acknowledgement: connector.acknowledgementFor?.(account.settings) ?? connector.acknowledgement,
      connector: connector.name,
      accountId: account._id,
      notificationId: id,
      ...stored,
    };
  };
}

type Stored = Pick<Extract<Reception, { kind: 'acknowledged' }>, 'verdict' | 'newEvents'>;

function store(
  notification: GenuineNotification,
  content: ReadNotification,
  parts: ReceiveNotificationParts,
): Promise<Stored | 'too_many_looks'> {
  if (content.verdict === 'received_unresolved') {
    return storeUnresolved(notification, content, parts);
  }
  return content.events.length > 0
    ? storeEvents(notification, content, parts)
    : storeWithoutEvents(notification, content, parts);
}

/**
 * Events first: only then is it known which events stand for the facts, so that the record of the notification tells the
 * truth, and which notifications are mere repeats. The events are already on their way to the queue meanwhile.
 */
async function storeEvents(
  notification: GenuineNotification,
  content: ReadNotification,
  { eventLog, notificationLog, repeats }: ReceiveNotificationParts,
): Promise<Stored> {
  const { events, verdict } = content;
  const standing = await eventLog.record(events);
  const newEvents = events.reduce((count, event, index) => (event._id === standing[index] ? count + 1 : count), 0);
  if (isRepeat(events, standing) && !repeats.isRecorded(notification.account._id)) {
    return { verdict: 'repeated', newEvents };
  }
  await notificationLog.record(recordOf(notification, withStandingEvents(content, standing)));
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

/**
 * The same words again may speak of another state of what they name, so none of them is a mere repeat; how many are taken is
 * bounded instead. Written as due: should the job be lost, the sweeper finds it.
 */
async function storeUnresolved(
  notification: GenuineNotification,
  content: ReadNotification,
  parts: ReceiveNotificationParts,
): Promise<Stored | 'too_many_looks'> {
  const { id, account, raw, isProven } = notification;
  if (isProven && parts.repeats.wasRecorded(account._id, raw.body) && !parts.looks.take(account._id)) {
    return 'too_many_looks';
  }
  const standing = await parts.eventLog.record(content.events);
  const record = recordOf(notification, withStandingEvents(content, standing));
  await parts.notificationLog.record({
    ...record,
    round: 0,
    attempts_made: 0,
    due_at: parts.databaseNow(),
    detail: null,
  });
  parts.repeats.noteRecorded(account._id, raw.body);
  parts.onUnresolved({ notificationId: id, accountId: account._id, round: 0 });
  const newEvents = content.events.filter(({ _id }) => standing.includes(_id)).length;
  return { verdict: content.verdict, newEvents };
}

function recordOf(notification: GenuineNotification, content: ReadNotification): NotificationRecord {
  const { id, account, raw, receivedAt, signedAt } = notification;
  const { verdict, items, detail } = content;
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
    ...(detail === undefined ? {} : { detail }),
  };
}
