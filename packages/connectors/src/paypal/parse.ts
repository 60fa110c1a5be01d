import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, isFields, reference, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfText } from '../payload/time.ts';
import { type PayPalFact, payPalMapping } from './mapping.ts';
import { readPayPalObject } from './read-object.ts';

/** One notification is one event; its `id` (`WH-...`) is the same on every repeat, the transmission's is not. */
export function parsePayPal(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  if (!isFields(json.value)) {
    return { ok: false, detail: 'the body is not an event' };
  }
  const key = reference(json.value.id);
  const connectorType = reference(json.value.event_type);
  if (key === null || connectorType === null) {
    return { ok: false, detail: 'the event has no id or no type' };
  }
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(json.value, connectorType, notification) }] };
}

function outcomeOf(
  event: Fields,
  type: string,
  { headers }: RawNotification,
): Pick<NotificationItem, 'event' | 'reason'> {
  const resource = fieldsOf(event.resource);
  const row = payPalMapping.find(type, factOf(resource));
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfText(event.create_time) ?? timeOfText(headers['paypal-transmission-time']?.[0]);
  return occurredAt === null
    ? { event: null, reason: 'unsupported' }
    : { event: raise(row, { occurredAt, object: readPayPalObject(resource, row.event), source: event }), reason: null };
}

function factOf(resource: Fields): PayPalFact {
  return {
    status: (text(resource.status) ?? text(resource.state))?.toUpperCase() ?? null,
    outcome: text(fieldsOf(resource.dispute_outcome).outcome_code),
  };
}
