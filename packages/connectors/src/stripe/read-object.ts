import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, stringsOf, text } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf } from '../payload/money.ts';

/**
 * Stripe keeps two decimals for these, for older integrations, and counts the ariary, which ISO 4217 has with two, in whole
 * ones (docs.stripe.com/currencies, special cases and zero-decimal currencies).
 */
const STRIPE_DECIMAL_SHIFTS: DecimalShifts = { ISK: -2, UGX: -2, MGA: 2 };

/** `data.object` in our shape, whatever kind it is. */
export function readStripeObject(object: Fields, event: EventType): Partial<EventObject> {
  const metadata = stringsOf(object.metadata);
  const id = reference(object.id);
  const kind = text(object.object);
  const currency = currencyOf(object.currency);
  const status = event === 'subscription_status_changed' ? text(object.status) : null;
  return {
    connector_reference: id,
    payment_reference: kind === 'payment_intent' ? id : paymentOf(object),
    merchant_reference: orderReferenceIn(metadata) ?? reference(object.client_reference_id) ?? reference(object.number),
    amount_minor: minorUnitsOf(object[amountField(kind, event)] ?? object.amount, currency, STRIPE_DECIMAL_SHIFTS),
    currency,
    ...(status === null ? {} : { status }),
    detail: reasonOf(object, event),
    customer: kind === 'customer' ? id : idOf(object.customer),
    metadata,
  };
}

/** The earlier values of the changed fields that our object has, as Stripe words them (003.20); null when none is known. */
export function readStripePrevious(object: Fields, previousAttributes: unknown): Record<string, unknown> | null {
  const before = fieldsOf(previousAttributes);
  const amount = minorUnitsOf(before.amount, currencyOf(object.currency), STRIPE_DECIMAL_SHIFTS);
  const status = text(before.status);
  const previous = { ...(status === null ? {} : { status }), ...(amount === null ? {} : { amount_minor: amount }) };
  return Object.keys(previous).length === 0 ? null : previous;
}

/** Which field holds the amount that the event speaks of: what came in, not what was once asked for. */
function amountField(kind: string | null, event: EventType): string {
  switch (kind) {
    case 'payment_intent':
      return event === 'payment_succeeded' ? 'amount_received' : 'amount';
    case 'checkout.session':
      return 'amount_total';
    case 'invoice':
      return event === 'payment_succeeded' ? 'amount_paid' : 'amount_due';
    default:
      return 'amount';
  }
}

/** The payment of a refund, dispute, invoice or session. Invoices name theirs in a list since API version 2025-03-31. */
function paymentOf(object: Fields): string | null {
  const payments = fieldsOf(object.payments).data;
  const first = fieldsOf(fieldsOf(Array.isArray(payments) ? payments[0] : null).payment);
  return idOf(object.payment_intent) ?? idOf(object.charge) ?? idOf(first.payment_intent) ?? null;
}

function reasonOf(object: Fields, event: EventType): string | null {
  switch (event) {
    case 'payment_failed': {
      const error = fieldsOf(object.last_payment_error);
      return text(error.decline_code) ?? text(error.code);
    }
    case 'refund_failed':
      return text(object.failure_reason);
    default:
      return event.startsWith('dispute_') || event === 'chargeback' ? text(object.reason) : null;
  }
}

/** An id, also of an expanded object. */
function idOf(value: unknown): string | null {
  return reference(value) ?? reference(fieldsOf(value).id);
}
