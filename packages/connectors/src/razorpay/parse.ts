import { createHash } from 'node:crypto';
import type { ParsedNotification, RawNotification } from '../connector.ts';
import { outcomeOf } from '../mapping/outcome.ts';
import { type Fields, fieldsOf, isFields, reference, text } from '../payload/fields.ts';
import { readJson } from '../payload/json.ts';
import { timeOfUnixSeconds } from '../payload/time.ts';
import { razorpayMapping } from './mapping.ts';
import { razorpayEntityOf, readRazorpayObject } from './read-object.ts';

/** One notification is one event. Its id comes in a header that is not signed, so it is not relied on. */
export function parseRazorpay(notification: RawNotification): ParsedNotification {
  const json = readJson(notification.body);
  if (!json.ok) {
    return json;
  }
  if (!isFields(json.value)) {
    return { ok: false, detail: 'the body is not an event' };
  }
  const source = json.value;
  const connectorType = reference(source.event);
  if (connectorType === null) {
    return { ok: false, detail: 'the event has no name' };
  }
  const payload = fieldsOf(source.payload);
  const key = keyOf(connectorType, payload) ?? createHash('sha256').update(notification.body).digest('hex');
  const row = razorpayMapping.find(connectorType, { disputeStatus: text(razorpayEntityOf(payload, 'dispute').status) });
  const outcome = outcomeOf(row, timeOfUnixSeconds(source.created_at), () => ({
    object: readRazorpayObject(payload, connectorType),
    source,
  }));
  return { ok: true, items: [{ key, connectorType, ...outcome }] };
}

/** A payment is captured once, however many events say so; anything else is told apart by its bytes, which repeats have too. */
function keyOf(type: string, payload: Fields): string | null {
  const payment = reference(razorpayEntityOf(payload, 'payment').id);
  const isCapture = type === 'payment.captured' || type === 'subscription.charged';
  return isCapture && payment !== null ? `captured:${payment}` : null;
}
