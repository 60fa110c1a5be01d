import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { reference, text } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import type { AdyenSettings } from './credentials.ts';
import { type AdyenFact, adyenMapping } from './mapping.ts';
import { type AdyenItem, type AdyenSignedFields, isUnambiguous, readAdyenItems } from './read-items.ts';
import { readAdyenObject } from './read-object.ts';

/** Adyen sends no event id: the signed fields that stay the same on every repeat stand for it. */
export function parseAdyen(notification: RawNotification, settings: AdyenSettings): ParsedNotification {
  const reading = readAdyenItems(notification.body);
  return reading.ok ? { ok: true, items: reading.items.map((item) => itemOf(item, settings)) } : reading;
}

function itemOf({ signed, unsigned, source }: AdyenItem, settings: AdyenSettings): NotificationItem {
  if (signed === null) {
    return { key: 'unreadable', connectorType: 'unknown', event: null, reason: 'unsupported' };
  }
  const item = { key: keyOf(signed), connectorType: reference(signed.eventCode) ?? 'unknown' };
  const row = adyenMapping.find(item.connectorType, factOf(signed, unsigned, settings));
  const outcome = outcomeOf(row, timeOfText(unsigned.eventDate), (event) => ({
    object: readAdyenObject(signed, unsigned, event),
    source,
  }));
  return outcome.event === null || (isUnambiguous(signed) && isIdentified(signed, item.key))
    ? { ...item, ...outcome }
    : { ...item, event: null, reason: 'unsupported' };
}

/**
 * Only signed fields: a capture with another `eventDate` or `reason` is still the same fact. Readable, and unambiguous
 * because none of them has a colon (`isUnambiguous`).
 */
function keyOf({ merchantAccountCode, eventCode, pspReference, success }: AdyenSignedFields): string {
  return [merchantAccountCode, eventCode, pspReference, success].join(':');
}

function isIdentified({ pspReference }: AdyenSignedFields, key: string): boolean {
  return pspReference !== '' && reference(key) !== null;
}

function factOf(
  { success }: AdyenSignedFields,
  { additionalData }: AdyenItem['unsigned'],
  settings: AdyenSettings,
): AdyenFact {
  return {
    success,
    disputeStatus: text(additionalData.disputeStatus),
    modification: text(additionalData['modification.action']),
    settings,
  };
}
