import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, isFields, reference } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfText } from '../payload/time.ts';
import { checkoutMapping } from './mapping.ts';
import { readCheckoutObject } from './read-object.ts';

/**
 * One notification is one event; its `id` is the same on every repeat. Some of `authentication_failed` are no JSON (the
 * vendor's library repairs them): those are kept as unreadable.
 */
export function parseCheckout(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  const content = fieldsOf(json.value);
  const key = reference(content.id);
  const connectorType = reference(content.type);
  if (key === null || connectorType === null) {
    return { ok: false, detail: 'the event has no id or no type' };
  }
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(content, connectorType) }] };
}

function outcomeOf(content: Fields, type: string): Pick<NotificationItem, 'event' | 'reason'> {
  const data = fieldsOf(content.data);
  const row = checkoutMapping.find(type, { payout: isFields(data.destination) });
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  // Which of the two names it has depends on what sent it.
  const occurredAt = timeOfText(content.created_on) ?? timeOfText(content.timestamp);
  return occurredAt === null
    ? { event: null, reason: 'unsupported' }
    : { event: raise(row, { occurredAt, object: readCheckoutObject(data, row.event), source: content }), reason: null };
}
