import { createHash } from 'node:crypto';
import type { NotificationItem, ParsedNotification, RawNotification } from '../connector.ts';
import { raise } from '../mapping/raise.ts';
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
  const connectorType = reference(json.value.event);
  if (connectorType === null) {
    return { ok: false, detail: 'the event has no name' };
  }
  const payload = fieldsOf(json.value.payload);
  const key = keyOf(connectorType, payload) ?? createHash('sha256').update(notification.body).digest('hex');
  return { ok: true, items: [{ key, connectorType, ...outcomeOf(json.value, payload, connectorType) }] };
}

/** A payment is captured once, however many events say so; anything else is told apart by its bytes, which repeats have too. */
function keyOf(type: string, payload: Fields): string | null {
  const payment = reference(razorpayEntityOf(payload, 'payment').id);
  const isCapture = type === 'payment.captured' || type === 'subscription.charged';
  return isCapture && payment !== null ? `captured:${payment}` : null;
}

function outcomeOf(razorpayEvent: Fields, payload: Fields, type: string): Pick<NotificationItem, 'event' | 'reason'> {
  const row = razorpayMapping.find(type, { disputeStatus: text(razorpayEntityOf(payload, 'dispute').status) });
  if (row === null || row.event === null) {
    return { event: null, reason: 'unmapped' };
  }
  const occurredAt = timeOfUnixSeconds(razorpayEvent.created_at);
  if (occurredAt === null) {
    return { event: null, reason: 'unsupported' };
  }
  const object = readRazorpayObject(payload, type);
  return { event: raise(row, { occurredAt, object, source: razorpayEvent }), reason: null };
}
