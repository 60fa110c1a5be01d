import { EVENT_TYPES, type EventObject, type EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { minorUnitsOfDecimal } from '../payload/money.ts';

/**
 * `payload` in our shape. Its numbers are texts as they were written: amounts are in major units, and ids come as a number in
 * one place and as a text in another.
 */
export function readAuthorizeNetObject(payload: Fields, event: EventType, currency: string): Partial<EventObject> {
  const id = reference(payload.id);
  const owner = reference(payload.customerProfileId);
  switch (EVENT_TYPES[event].objectType) {
    case 'subscription':
      return readSubscription(payload, currency);
    case 'customer':
      // Of a payment profile the customer is its owner.
      return { connector_reference: owner ?? id, customer: owner ?? id };
    case 'refund':
      // Which payment it is of is not told.
      return { ...readTransaction(payload, currency), connector_reference: id };
    default:
      return {
        ...readTransaction(payload, currency),
        connector_reference: id,
        payment_reference: id,
        detail: event === 'payment_failed' ? reasonOf(payload.responseCode) : null,
      };
  }
}

function readTransaction(payload: Fields, currency: string): Partial<EventObject> {
  return {
    merchant_reference: reference(payload.invoiceNumber) ?? reference(payload.merchantReferenceId),
    amount_minor: minorUnitsOfDecimal(payload.authAmount, currency),
    currency,
  };
}

function readSubscription(payload: Fields, currency: string): Partial<EventObject> {
  const status = text(payload.status);
  return {
    connector_reference: reference(payload.id),
    amount_minor: minorUnitsOfDecimal(payload.amount, currency),
    currency,
    ...(status === null ? {} : { status }),
    customer: reference(fieldsOf(payload.profile).customerProfileId),
  };
}

function reasonOf(responseCode: unknown): string | null {
  switch (responseCode) {
    case '2':
      return 'declined';
    case '3':
      return 'error';
    default:
      return null;
  }
}
