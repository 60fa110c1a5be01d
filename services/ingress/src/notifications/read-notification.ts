import type { Connector, NotificationItem, RawNotification } from '@owngateway/connectors';
import {
  buildEnvelope,
  type IdSource,
  type NormalisedEvent,
  referencesOf,
  serialiseEnvelope,
} from '@owngateway/domain';
import type {
  ConnectorAccountRecord,
  EventRecord,
  NotificationItemRecord,
  NotificationRecord,
} from '@owngateway/store';

/** What a genuine notification says. */
export interface ReadNotification {
  verdict: NotificationRecord['verdict'];
  /** To be stored, one for each fact that is mapped. */
  events: EventRecord[];
  /** What is recorded of each fact. `event_id` is that of the event above until the store says which one stands. */
  items: NotificationItemRecord[];
  /** Why nothing could be read; only of what is unreadable. */
  detail?: string;
}

export interface GenuineNotification {
  /** `ntf_...` */
  id: string;
  raw: RawNotification;
  account: ConnectorAccountRecord;
  connector: Connector;
  signedAt: Date | null;
  /** False when anybody may have sent it: nothing follows from what it says itself. */
  isProven: boolean;
  receivedAt: Date;
  /** The time of this reading, which events are dated by. */
  readAt: Date;
}

export interface ReadingRules {
  environment: 'sandbox' | 'production';
  /** How long a dedupe key is kept; what was signed before that raises nothing (rule 2). */
  dedupeDays: number;
  newId: IdSource;
  /** The database's clock (rule 15). */
  databaseNow: () => Date;
}

const DAY_MS = 86_400_000;

/** Reads a genuine notification into the events that it raises. */
export function readNotification(notification: GenuineNotification, rules: ReadingRules): ReadNotification {
  const { raw, account, connector, isProven } = notification;
  const parsed = connector.parse(raw, account.settings);
  if (!parsed.ok) {
    return unreadable(parsed.detail);
  }
  return readFacts(notification, isProven ? parsed.items : parsed.items.map(withoutEvent), rules);
}

/** It is recorded and raises nothing. */
export function unreadable(detail: string): ReadNotification {
  return { verdict: 'unreadable', events: [], items: [], detail };
}

/** The same for facts that were read already, or fetched. */
export function readFacts(
  notification: GenuineNotification,
  facts: readonly NotificationItem[],
  rules: ReadingRules,
): ReadNotification {
  if (isTooOld(notification, rules)) {
    const items = facts.map((fact) => itemRecord(notification.account, fact, null, fact.reason ?? 'stale'));
    return { verdict: 'too_old', events: [], items };
  }
  return raiseEvents(notification, facts, rules);
}

function isTooOld({ signedAt, receivedAt }: GenuineNotification, { dedupeDays }: ReadingRules): boolean {
  return signedAt !== null && receivedAt.getTime() - signedAt.getTime() > dedupeDays * DAY_MS;
}

/**
 * A thing that is looked up tells of its past as well: a refund today of a payment last year. What happened before the keys that
 * are kept may have been told already.
 */
function isForgotten(
  { occurredAt }: NormalisedEvent,
  { connector, readAt }: GenuineNotification,
  { dedupeDays }: ReadingRules,
): boolean {
  return connector.enrich !== undefined && readAt.getTime() - occurredAt.getTime() > dedupeDays * DAY_MS;
}

/** Stripe's live endpoints of a platform hear of its merchants' tests as well (docs.stripe.com/connect/webhooks). */
function isOnlyATest({ isTest }: NotificationItem, { environment }: ReadingRules): boolean {
  return environment === 'production' && isTest === true;
}

/** Anybody could have said so. No connector says such things; this holds even if one did. */
function withoutEvent(fact: NotificationItem): NotificationItem {
  return fact.event === null ? fact : { ...fact, event: null, reason: 'unsupported' };
}

function raiseEvents(
  notification: GenuineNotification,
  facts: readonly NotificationItem[],
  rules: ReadingRules,
): ReadNotification {
  const { account, connector } = notification;
  const byKey = new Map<string, EventRecord>();
  const items: NotificationItemRecord[] = [];
  for (const fact of facts) {
    const isTest = isOnlyATest(fact, rules);
    if (fact.event === null || isTest || isForgotten(fact.event, notification, rules)) {
      items.push(itemRecord(account, fact, null, fact.reason ?? (isTest ? 'test_mode' : 'stale')));
      continue;
    }
    // A batch may say the same thing twice, and the key says what is the same (rule 1).
    const event = byKey.get(fact.key) ?? eventRecord(notification, fact.key, fact.event, rules);
    byKey.set(fact.key, event);
    items.push(itemRecord(account, fact, event, null));
  }
  const events = [...byKey.values()];
  if (facts.some(({ reason }) => reason === 'unresolved')) {
    return { verdict: connector.enrich === undefined ? 'unresolved' : 'received_unresolved', events, items };
  }
  return { verdict: events.length > 0 ? 'accepted' : 'ignored', events, items };
}

function eventRecord(
  { id: notificationId, account, readAt }: GenuineNotification,
  key: string,
  event: NormalisedEvent,
  { environment, newId, databaseNow }: ReadingRules,
): EventRecord {
  const id = newId('evt');
  const envelope = buildEnvelope({
    id,
    event,
    merchantId: account.merchant_id,
    environment,
    connector: account.connector,
    createdAt: readAt,
    includeSource: account.include_source === true,
  });
  return {
    _id: id,
    merchant_id: account.merchant_id,
    dedupe_key: dedupeKeyOf(account, key),
    type: event.type,
    origin: event.origin,
    object_type: event.objectType,
    connector: account.connector,
    connector_account_id: account._id,
    notification_id: notificationId,
    references: referencesOf(event.object),
    occurred_at: event.occurredAt,
    created_at: readAt,
    body: serialiseEnvelope(envelope),
    awaiting_fan_out_since: databaseNow(),
  };
}

function itemRecord(
  account: ConnectorAccountRecord,
  fact: NotificationItem,
  event: EventRecord | null,
  reason: string | null,
): NotificationItemRecord {
  return {
    dedupe_key: dedupeKeyOf(account, fact.key),
    connector_type: fact.connectorType,
    event_id: event?._id ?? null,
    event_type: event?.type ?? null,
    reason,
  };
}

function dedupeKeyOf(account: ConnectorAccountRecord, key: string): string {
  return `${account._id}:${key}`;
}
