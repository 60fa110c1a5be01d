import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, isFields, reference, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfText } from '../payload/time.ts';
import { squareMapping } from './mapping.ts';
import { readSquareObject, type SquareKind, squareObjectOf } from './read-object.ts';

const KINDS: readonly SquareKind[] = ['payment', 'refund', 'dispute', 'customer', 'subscription', 'invoice'];

/** One notification is one event (developer.squareup.com/docs/webhooks); its `event_id` is the same on every repeat. */
export function parseSquare(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  if (!isFields(json.value)) {
    return { ok: false, detail: 'the body is not an event' };
  }
  const eventId = reference(json.value.event_id);
  const connectorType = reference(json.value.type);
  if (eventId === null || connectorType === null) {
    return { ok: false, detail: 'the event has no id or no type' };
  }
  return { ok: true, items: [itemOf(json.value, eventId, connectorType)] };
}

function itemOf(squareEvent: Fields, eventId: string, connectorType: string): NotificationItem {
  const kind = KINDS.find((one) => connectorType.startsWith(`${one}.`));
  const object = squareObjectOf(fieldsOf(squareEvent.data), kind ?? '');
  const state = text(kind === 'dispute' ? object.state : object.status);
  const refunded = Array.isArray(object.refund_ids) && object.refund_ids.length > 0;
  const row = squareMapping.find(connectorType, { state, refunded });
  if (kind === undefined || row === null || row.event === null) {
    return { key: eventId, connectorType, event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfText(squareEvent.created_at);
  if (occurredAt === null) {
    return { key: eventId, connectorType, event: null, reason: 'unsupported' };
  }
  const reading = { occurredAt, object: readSquareObject(object, kind, row.event), source: squareEvent };
  return { key: keyOf(kind, object, state) ?? eventId, connectorType, event: raise(row, reading), reason: null };
}

/**
 * Every change of a payment or refund is sent with its whole state, under an id of its own: fees that were charged, a receipt,
 * a note. That it is in a state is told once. Disputes and subscriptions may come back to a state, and keep the event's id.
 */
function keyOf(kind: SquareKind, object: Fields, state: string | null): string | null {
  const id = reference(object.id);
  return (kind === 'payment' || kind === 'refund') && id !== null && state !== null ? `${kind}:${id}:${state}` : null;
}
