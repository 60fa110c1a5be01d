import type { Connector, Outside } from '@owngateway/connectors';
import {
  type ConnectorAccountRecord,
  type ConnectorAccountRepository,
  isStoreUnavailable,
  type KeptNotification,
  type NotificationItemRecord,
  type NotificationReading,
  type NotificationRepository,
} from '@owngateway/store';
import type { KnownConnectors } from '../connectors/known-connectors.ts';
import {
  type GenuineNotification,
  type ReadingRules,
  type ReadNotification,
  readFacts,
} from '../notifications/read-notification.ts';
import { withStandingEvents } from '../notifications/standing-events.ts';
import type { EventLog } from '../recording/event-log.ts';
import { type Look, lookAt } from './look.ts';
import { mergeItems } from './merge-items.ts';
import { nextLookAt } from './next-look.ts';

/** How a reading ended. */
export type ReadingEnd =
  /** Its round has ended, another has begun, or it is gone. */
  | 'nothing_to_do'
  | 'read'
  /** Nobody looks again unless a person asks. */
  | 'given_up';

export type ReadingOutcome =
  | { kind: 'ended'; connector: string; how: ReadingEnd; newEvents: number }
  /** `looked`: the vendor's API was asked in vain. */
  | { kind: 'again'; connector: string; at: Date; looked: boolean };

export interface ReadAgainParts extends ReadingRules {
  notifications: Pick<NotificationRepository, 'get' | 'settleReading'>;
  accounts: Pick<ConnectorAccountRepository, 'get'>;
  connectors: KnownConnectors;
  eventLog: Pick<EventLog, 'record'>;
  outside: Outside;
  /** As in `PUBLIC_INGRESS_URL`. */
  publicUrl: string;
  /** The wall clock, which events are dated by. */
  now: () => Date;
  random: () => number;
  /** A defect of a connector. */
  onFault: (notificationId: string, fault: unknown) => void;
}

/**
 * Reads a stored notification again: because a person asks, with today's mapping, or because it only names a thing, which is
 * fetched now. Its signature was genuine when it came. Events first, then the notification: a crash between leaves it due, and
 * the next reading finds its events by their keys. Rejects when the store is away.
 */
export type ReadAgain = (notificationId: string, round: number) => Promise<ReadingOutcome>;

const OPERATOR = { level: 'operator' } as const;
type VainLook = Extract<Look, { kind: 'vain' }>;

/** What is told of a connector's reason. */
const MAX_DETAIL = 200;

export function createReadAgain(parts: ReadAgainParts): ReadAgain {
  return async (id, round) => {
    const kept = await parts.notifications.get(OPERATOR, id);
    if (kept === null || kept.round !== round || kept.due_at === undefined) {
      return { kind: 'ended', connector: kept?.connector ?? 'unknown', how: 'nothing_to_do', newEvents: 0 };
    }
    if (kept.due_at > parts.databaseNow()) {
      return { kind: 'again', connector: kept.connector, at: kept.due_at, looked: false };
    }
    const notification = await notificationOf(kept, parts);
    return typeof notification === 'string'
      ? giveUp(kept, notification, parts)
      : settle(kept, notification, await look(notification, parts), parts);
  };
}

/** What is needed to read it; a text when that is not there, and never will be. */
async function notificationOf(kept: KeptNotification, parts: ReadAgainParts): Promise<GenuineNotification | string> {
  const { body } = kept;
  if (body === null) {
    return 'the body is no longer kept';
  }
  const account = await parts.accounts.get(OPERATOR, kept.connector_account_id);
  if (account === null) {
    return 'the connector account was deleted';
  }
  const connector = parts.connectors.find(kept.connector);
  if (connector === undefined) {
    return 'the connector is no longer served';
  }
  return genuine({ ...kept, body }, account, connector, parts);
}

function genuine(
  kept: KeptNotification & { body: Buffer },
  account: ConnectorAccountRecord,
  connector: Connector,
  { publicUrl, now }: ReadAgainParts,
): GenuineNotification {
  const url = `${publicUrl}/webhooks/${account.merchant_id}/${account.name}`;
  return {
    id: kept._id,
    raw: { method: 'POST', headers: kept.headers, query: kept.query, body: kept.body, url },
    account,
    connector,
    signedAt: kept.signed_at,
    isProven: true,
    receivedAt: kept.received_at,
    readAt: now(),
  };
}

/** A connector that fails is a defect of ours; its notification must not be lost for it, and not be tried for ever. */
async function look({ id, raw, account, connector }: GenuineNotification, parts: ReadAgainParts): Promise<Look> {
  try {
    return await lookAt(raw, account, connector, parts.outside);
  } catch (fault) {
    if (isStoreUnavailable(fault)) {
      throw fault;
    }
    parts.onFault(id, fault);
    return { kind: 'vain', facts: [], isGone: false, detail: 'it could not be read', retryAfter: null };
  }
}

async function settle(
  kept: KeptNotification,
  notification: GenuineNotification,
  found: Look,
  parts: ReadAgainParts,
): Promise<ReadingOutcome> {
  const content = contentOf(notification, found, parts);
  const standing = await parts.eventLog.record(content.events);
  const newEvents = content.events.filter(({ _id }) => standing.includes(_id)).length;
  const items = mergeItems(kept.items, withStandingEvents(content, standing).items);
  if (found.kind === 'vain') {
    return settleVain(kept, { found, items, newEvents }, parts);
  }
  const attempts_made = kept.attempts_made ?? 0;
  // What was raised stands, also when today nothing would be.
  const verdict = items.some(({ event_id }) => event_id !== null) ? 'accepted' : content.verdict;
  return end(kept, { verdict, items, attempts_made, detail: null }, 'read', newEvents, parts);
}

function contentOf(notification: GenuineNotification, found: Look, parts: ReadAgainParts): ReadNotification {
  return found.kind === 'unreadable'
    ? { verdict: 'unreadable', events: [], items: [] }
    : readFacts(notification, found.facts, parts);
}

async function settleVain(
  kept: KeptNotification,
  { found, items, newEvents }: { found: VainLook; items: NotificationItemRecord[]; newEvents: number },
  parts: ReadAgainParts,
): Promise<ReadingOutcome> {
  const attempts_made = (kept.attempts_made ?? 0) + 1;
  const { isGone, retryAfter } = found;
  const detail = found.detail.slice(0, MAX_DETAIL);
  const now = parts.databaseNow();
  const at = nextLookAt({ attemptsMade: attempts_made, isGone, retryAfter, now, random: parts.random });
  if (at === null) {
    return end(kept, { verdict: 'unresolved', items, attempts_made, detail }, 'given_up', newEvents, parts);
  }
  const reading: NotificationReading = { verdict: 'received_unresolved', items, attempts_made, detail, due_at: at };
  return (await parts.notifications.settleReading(kept._id, kept.round ?? 0, reading))
    ? { kind: 'again', connector: kept.connector, at, looked: true }
    : { kind: 'ended', connector: kept.connector, how: 'nothing_to_do', newEvents };
}

/** What it was stays, unless it was waiting for what will never come. */
function giveUp(kept: KeptNotification, detail: string, parts: ReadAgainParts): Promise<ReadingOutcome> {
  const { items, attempts_made = 0 } = kept;
  const verdict = kept.verdict === 'received_unresolved' ? 'unresolved' : kept.verdict;
  return end(kept, { verdict, items, attempts_made, detail }, 'given_up', 0, parts);
}

async function end(
  kept: KeptNotification,
  reading: NotificationReading,
  how: ReadingEnd,
  newEvents: number,
  parts: ReadAgainParts,
): Promise<ReadingOutcome> {
  const isCurrent = await parts.notifications.settleReading(kept._id, kept.round ?? 0, reading);
  return { kind: 'ended', connector: kept.connector, how: isCurrent ? how : 'nothing_to_do', newEvents };
}
