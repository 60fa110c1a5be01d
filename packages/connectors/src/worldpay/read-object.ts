import { EVENT_TYPES, type EventObject, type EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { currencyOf, minorUnitsOf } from '../payload/money.ts';

/** `eventDetails` in our shape. */
export function readWorldpayObject(details: Fields, event: EventType): Partial<EventObject> {
  const amount = fieldsOf(details.amount);
  const currency = currencyOf(amount.currencyCode);
  const refusal = fieldsOf(fieldsOf(details.refund).refusal);
  return {
    ...referencesOf(details, event),
    amount_minor: minorUnitsOf(amount.value, currency, {}),
    currency,
    detail: event === 'refund_failed' ? (text(refusal.description) ?? text(refusal.code)) : null,
  };
}

/**
 * Only the merchant's own transaction reference is in all events of a payment, so it is what the payment goes by. A partial
 * refund has a reference of its own; a dispute has none.
 */
function referencesOf(details: Fields, event: EventType) {
  const transaction = reference(details.transactionReference);
  const references = { payment_reference: transaction, merchant_reference: transaction };
  switch (EVENT_TYPES[event].objectType) {
    case 'payment':
      return { ...references, connector_reference: reference(details.downstreamReference) ?? transaction };
    case 'refund':
      return { ...references, connector_reference: reference(details.reference) };
    default:
      return references;
  }
}
