import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
import { type Fields, fieldsOf, isFields, reference, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfUnixSeconds } from '../payload/time.ts';
import { type StripeFact, stripeMapping } from './mapping.ts';
import { readStripeObject, readStripePrevious } from './read-object.ts';
import { readStripeSignature } from './signature-header.ts';

/** One notification is one event; its `id` is the same on every repeat (docs.stripe.com/webhooks). */
export function parseStripe(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  if (!isFields(json.value)) {
    return { ok: false, detail: 'the body is not an event' };
  }
  const key = reference(json.value.id);
  const connectorType = reference(json.value.type);
  if (key === null || connectorType === null) {
    return { ok: false, detail: 'the event has no id or no type' };
  }
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(json.value, connectorType, notification) }] };
}

function outcomeOf(
  stripeEvent: Fields,
  type: string,
  notification: RawNotification,
): Pick<NotificationItem, 'event' | 'reason'> {
  // A "thin" event names its object without saying anything of it; it would have to be fetched.
  if (stripeEvent.object === 'v2.core.event') {
    return { event: null, reason: 'unsupported' };
  }
  const data = fieldsOf(stripeEvent.data);
  const object = fieldsOf(data.object);
  const row = stripeMapping.find(type, factOf(object, data.previous_attributes));
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfUnixSeconds(stripeEvent.created) ?? signedTimeOf(notification);
  if (occurredAt === null) {
    return { event: null, reason: 'unsupported' };
  }
  const previous = readStripePrevious(object, data.previous_attributes);
  const reading = { occurredAt, object: readStripeObject(object, row.event), previous, source: stripeEvent };
  return { event: raise(row, reading), reason: null };
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
