import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { readEvent } from '../payload/event.ts';
import { fieldsOf, isFields } from '../payload/fields.ts';
import { timeOfText } from '../payload/time.ts';
import { checkoutMapping } from './mapping.ts';
import { readCheckoutObject } from './read-object.ts';

/**
 * One notification is one event; its `id` is the same on every repeat. Some of `authentication_failed` are no JSON (the
 * vendor's library repairs them): those are kept as unreadable.
 */
export function parseCheckout(notification: RawNotification): ParsedNotification {
  const reading = readEvent(notification.body, { id: 'id', type: 'type' });
  if (!reading.ok) {
    return reading;
  }
  const { event: source, id: key, type: connectorType } = reading;
  const data = fieldsOf(source.data);
  const row = checkoutMapping.find(connectorType, { payout: isFields(data.destination) });
  // Which of the two names it has depends on what sent it.
  const occurredAt = timeOfText(source.created_on) ?? timeOfText(source.timestamp);
  const outcome = outcomeOf(row, occurredAt, (event) => ({ object: readCheckoutObject(data, event), source }));
  return { ok: true, items: [{ key, connectorType, ...outcome }] };
}
