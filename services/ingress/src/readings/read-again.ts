import type { Outside } from '@owngateway/connectors';
import type {
  KeptNotification,
  NotificationItemRecord,
  NotificationReading,
  NotificationRepository,
} from '@owngateway/store';
import {
  type GenuineNotification,
  type ReadingRules,
  type ReadNotification,
  readFacts,
  unreadable,
} from '../notifications/read-notification.ts';
import { withStandingEvents } from '../notifications/standing-events.ts';
import type { EventLog } from '../recording/event-log.ts';
import { type Look, lookAt } from './look.ts';
import { mergeItems } from './merge-items.ts';
import { nextLookAt } from './next-look.ts';
import { type RestoreParts, restoreNotification } from './restore-notification.ts';

/** How a reading ended. */
export type ReadingEnd =
  /** Its round has ended, another has begun, or it is gone. */
  | 'nothing_to_do'
  | 'read'
  /** Nobody looks again unless a person asks. */
  | 'given_up';

export type ReadingOutcome =
  /** `connector`: its name in the catalogue; null when it is not known. */
  | { kind: 'ended'; connector: string | null; how: ReadingEnd; newEvents: number }
  /** It is not due. */
  | { kind: 'early'; at: Date }
  /** The vendor's API was asked in vain. */
  | { kind: 'again'; connector: string; at: Date };

export interface ReadAgainParts extends ReadingRules, RestoreParts {
  notifications: Pick<NotificationRepository, 'get' | 'settleReading'>;
  eventLog: Pick<EventLog, 'record'>;
  outside: Outside;
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
      return { kind: 'ended', connector: null, how: 'nothing_to_do', newEvents: 0 };
    }
    if (kept.due_at > parts.databaseNow()) {
      return { kind: 'early', at: kept.due_at };
    }
    const notification = await restoreNotification(kept, parts);
    return typeof notification === 'string'
      ? giveUp(kept, notification, parts)
      : settle(kept, notification, await look(notification, parts), parts);
  };
}

/** A connector that fails is a defect of ours; its notification must not be lost for it, and not be tried for ever. */
async function look({ id, raw, account, connector }: GenuineNotification, parts: ReadAgainParts): Promise<Look> {
  try {
    return await lookAt(raw, account, connector, parts.outside);
  } catch (fault) {
    parts.onFault(id, fault);
    return { kind: 'vain', facts: [], isGone: false, detail: 'it could not be read', retryAfter: null };
  }
}

interface Settling {
  kept: KeptNotification;
  /** Its connector's name in the catalogue. */
  connector: string | null;
  newEvents: number;
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
  const settling = { kept, connector: notification.connector.name, newEvents };
  if (found.kind === 'vain') {
    return settleVain(settling, found, items, parts);
  }
  const attempts_made = kept.attempts_made ?? 0;
  // What was raised stands, also when today nothing would be.
  const verdict = items.some(({ event_id }) => event_id !== null) ? 'accepted' : content.verdict;
  const { detail = null } = content;
  return end(settling, { verdict, items, attempts_made, detail }, 'read', parts);
}

function contentOf(notification: GenuineNotification, found: Look, parts: ReadAgainParts): ReadNotification {
  return found.kind === 'unreadable' ? unreadable(found.detail) : readFacts(notification, found.facts, parts);
}

async function settleVain(
  settling: Settling & { connector: string },
  found: VainLook,
  items: NotificationItemRecord[],
  parts: ReadAgainParts,
): Promise<ReadingOutcome> {
  const { kept, connector } = settling;
  const attempts_made = (kept.attempts_made ?? 0) + 1;
  const { isGone, retryAfter } = found;
  const detail = found.detail.slice(0, MAX_DETAIL);
  const now = parts.databaseNow();
  const at = nextLookAt({ attemptsMade: attempts_made, isGone, retryAfter, now, random: parts.random });
  if (at === null) {
    return end(settling, { verdict: 'unresolved', items, attempts_made, detail }, 'given_up', parts);
  }
  const reading: NotificationReading = { verdict: 'received_unresolved', items, attempts_made, detail, due_at: at };
  return (await parts.notifications.settleReading(kept._id, kept.round ?? 0, reading))
    ? { kind: 'again', connector, at }
    : { kind: 'ended', connector, how: 'nothing_to_do', newEvents: settling.newEvents };
}

/** What it was stays, unless it was waiting for what will never come. */
function giveUp(kept: KeptNotification, detail: string, parts: ReadAgainParts): Promise<ReadingOutcome> {
  const { items, attempts_made = 0 } = kept;
  const verdict = kept.verdict === 'received_unresolved' ? 'unresolved' : kept.verdict;
  const settling = { kept, connector: null, newEvents: 0 };
  return end(settling, { verdict, items, attempts_made, detail }, 'given_up', parts);
}

async function end(
  { kept, connector, newEvents }: Settling,
  reading: NotificationReading,
  how: ReadingEnd,
  parts: ReadAgainParts,
): Promise<ReadingOutcome> {
  const isCurrent = await parts.notifications.settleReading(kept._id, kept.round ?? 0, reading);
  return { kind: 'ended', connector, how: isCurrent ? how : 'nothing_to_do', newEvents };
}
