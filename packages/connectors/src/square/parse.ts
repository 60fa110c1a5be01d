import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { readEvent } from '../payload/event.ts';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { squareMapping } from './mapping.ts';
import { readSquareObject, type SquareKind, squareObjectOf } from './read-object.ts';

const KINDS: readonly SquareKind[] = ['payment', 'refund', 'dispute', 'customer', 'subscription', 'invoice'];

/** One notification is one event (developer.squareup.com/docs/webhooks); its `event_id` is the same on every repeat. */
export function parseSquare(notification: RawNotification): ParsedNotification {
  const reading = readEvent(notification.body, { id: 'event_id', type: 'type' });
  return reading.ok ? { ok: true, items: [itemOf(reading.event, reading.id, reading.type)] } : reading;
}

function itemOf(source: Fields, eventId: string, connectorType: string): NotificationItem {
  const kind = KINDS.find((one) => connectorType.startsWith(`${one}.`));
  if (kind === undefined) {
    return { key: eventId, connectorType, event: null, reason: 'unmapped' };
  }
  const object = squareObjectOf(fieldsOf(source.data), kind);
  const state = text(kind === 'dispute' ? object.state : object.status);
  const refunded = Array.isArray(object.refund_ids) && object.refund_ids.length > 0;
  const row = squareMapping.find(connectorType, { state, refunded });
  const outcome = outcomeOf(row, timeOfText(source.created_at), (event) => ({
    object: readSquareObject(object, kind, event),
    source,
  }));
  const key = outcome.event === null ? null : keyOf(kind, object, state);
  return { key: key ?? eventId, connectorType, ...outcome };
}

/**
 * Every change of a payment or refund is sent with its whole state, under an id of its own: fees that were charged, a receipt,
 * a note. That it is in a state is told once. Disputes and subscriptions may come back to a state, and keep the event's id.
 */
function keyOf(kind: SquareKind, object: Fields, state: string | null): string | null {
  const id = reference(object.id);
  return (kind === 'payment' || kind === 'refund') && id !== null && state !== null ? `${kind}:${id}:${state}` : null;
}
