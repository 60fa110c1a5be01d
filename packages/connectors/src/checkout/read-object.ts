import { EVENT_TYPES, type EventObject, type EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, text, textsOf } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf } from '../payload/money.ts';

/** Checkout.com counts all currencies as ISO 4217 does, but for pesos of Chile (checkout.com/docs, format the amount value). */
const CHECKOUT_DECIMAL_SHIFTS: DecimalShifts = { CLP: -2 };

/** `data` in our shape. */
export function readCheckoutObject(data: Fields, event: EventType): Partial<EventObject> {
  const metadata = textsOf(data.metadata);
  const currency = currencyOf(data.currency);
  return {
    ...referencesOf(data, event),
    // Disputes have the payment's reference under another name.
    merchant_reference: reference(data.payment_reference) ?? reference(data.reference) ?? orderReferenceIn(metadata),
    amount_minor: minorUnitsOf(numberOf(data.amount), currency, CHECKOUT_DECIMAL_SHIFTS),
    currency,
    detail: reasonOf(data, event),
    customer: reference(fieldsOf(data.customer).id),
    metadata,
  };
}

/** A refund is an action of the payment that `id` names; a 3-D Secure session has no `id`. */
function referencesOf(data: Fields, event: EventType) {
  const id = reference(data.id);
  const payment = reference(data.payment_id);
  switch (EVENT_TYPES[event].objectType) {
    case 'refund':
      return { connector_reference: reference(data.action_id), payment_reference: id };
    case 'dispute':
      return { connector_reference: id, payment_reference: payment };
    default:
      return { connector_reference: id ?? payment, payment_reference: id ?? payment };
  }
}

/** Minor units are a number, and a text of digits in what authentication_* tells. */
function numberOf(amount: unknown): unknown {
  return typeof amount === 'string' && /^\d{1,15}$/.test(amount) ? Number(amount) : amount;
}

function reasonOf(data: Fields, event: EventType): string | null {
  if (EVENT_TYPES[event].objectType === 'dispute') {
    return text(data.category) ?? text(data.reason_code);
  }
  return event.endsWith('_failed')
    ? (text(data.response_summary) ?? text(data.reason) ?? text(data.response_code))
    : null;
}
