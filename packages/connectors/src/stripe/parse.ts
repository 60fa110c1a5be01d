import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { readEvent } from '../payload/event.ts';
import { type Fields, fieldsOf, isFields, reference, text } from '../payload/fields.ts';
import { timeOfUnixSeconds } from '../payload/time.ts';
import { type StripeFact, stripeMapping } from './mapping.ts';
import { readStripeObject, readStripePrevious } from './read-object.ts';
import { readStripeSignature } from './signature-header.ts';

/** One notification is one event; its `id` is the same on every repeat (docs.stripe.com/webhooks). See `keyOf` for refunds. */
export function parseStripe(notification: RawNotification): ParsedNotification {
  const reading = readEvent(notification.body, { id: 'id', type: 'type' });
  return reading.ok ? { ok: true, items: [itemOf(reading, notification)] } : reading;
}

function itemOf(
  { event, id, type }: { event: Fields; id: string; type: string },
  notification: RawNotification,
): NotificationItem {
  const item = { key: id, connectorType: type };
  // A "thin" event names its object without saying anything of it; it would have to be fetched.
  if (event.object === 'v2.core.event') {
    return { ...item, event: null, reason: 'unsupported' };
  }
  const data = fieldsOf(event.data);
  const object = fieldsOf(data.object);
  const row = stripeMapping.find(type, factOf(object, data.previous_attributes));
  const occurredAt = timeOfUnixSeconds(event.created) ?? signedTimeOf(notification);
  const outcome = outcomeOf(row, occurredAt, (eventType) => ({
    object: readStripeObject(object, eventType),
    previous: readStripePrevious(object, data.previous_attributes),
    source: event,
  }));
  const key = outcome.event === null ? id : keyOf(id, object);
  return { ...item, key, ...outcome, ...(event.livemode === false ? { isTest: true } : {}) };
}

/**
 * That a refund failed is told by `refund.updated`, by `refund.failed` and by the older `charge.refund.updated`, each under an
 * id of its own. That it is in a state is told once. Disputes and subscriptions may come back to a state.
 */
function keyOf(eventId: string, object: Fields): string {
  const id = reference(object.id);
  const status = reference(object.status);
  return object.object === 'refund' && id !== null && status !== null ? `refund:${id}:${status}` : eventId;
}

function factOf(object: Fields, previousAttributes: unknown): StripeFact {
  return {
    status: text(object.status),
    statusUnchanged: isFields(previousAttributes) && !Object.hasOwn(previousAttributes, 'status'),
  };
}

function signedTimeOf(notification: RawNotification): Date | null {
  return readStripeSignature(notification.headers['stripe-signature']?.[0] ?? '')?.signedAt ?? null;
}
