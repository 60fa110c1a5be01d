import type { Connector, Enrichment, NotificationItem, Outside, RawNotification } from '@owngateway/connectors';
import type { ConnectorAccountRecord } from '@owngateway/store';
import { within } from '../time/within.ts';

/** For everything that a connector asks for one notification, in milliseconds; a stop waits for it. */
const LOOKING_MS = 15_000;
const TOO_SLOW: Enrichment = { kind: 'not_yet', detail: 'the API takes too long', retryAfter: null };

/** What another look at a notification brought. */
export type Look =
  | { kind: 'unreadable'; detail: string }
  /** `facts`: all of them. */
  | { kind: 'read'; facts: readonly NotificationItem[] }
  /** `facts`: as they are known so far, some of them unresolved. */
  | { kind: 'vain'; facts: readonly NotificationItem[]; isGone: boolean; detail: string; retryAfter: string | null };

/**
 * Reads a notification with today's mapping, and fetches what it only names. Rejects for a defect of the connector only.
 *
 * @param outside lent to the connector
 */
export async function lookAt(
  raw: RawNotification,
  account: ConnectorAccountRecord,
  connector: Connector,
  outside: Outside,
): Promise<Look> {
  const parsed = connector.parse(raw, account.settings);
  if (!parsed.ok) {
    return { kind: 'unreadable', detail: parsed.detail };
  }
  const facts = parsed.items;
  const known = facts.filter((fact) => !isUnresolved(fact));
  if (connector.enrich === undefined || known.length === facts.length) {
    return { kind: 'read', facts };
  }
  if (account.unreadable !== undefined) {
    const detail = 'the credentials of the connector account cannot be read';
    return { kind: 'vain', facts, isGone: false, detail, retryAfter: null };
  }
  const { credentials, settings } = account;
  const found = await within(connector.enrich(raw, { credentials, settings }, outside), LOOKING_MS, TOO_SLOW);
  switch (found.kind) {
    case 'resolved':
      return found.items.some(isUnresolved)
        ? { kind: 'vain', facts, isGone: false, detail: 'it names more that must be fetched', retryAfter: null }
        : { kind: 'read', facts: [...known, ...found.items] };
    case 'not_yet':
      return { kind: 'vain', facts, isGone: false, detail: found.detail, retryAfter: found.retryAfter };
    case 'gone':
      return { kind: 'vain', facts, isGone: true, detail: found.detail, retryAfter: null };
  }
}

function isUnresolved({ reason }: NotificationItem): boolean {
  return reason === 'unresolved';
}
