import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf } from '../payload/money.ts';

/** Square counts every currency in its smallest denomination, which is ISO 4217's for all that it takes. */
const NO_SHIFTS: DecimalShifts = {};

/** The kinds of object that Square's events hold in `data.object`, each under its own name. */
export type SquareKind = 'payment' | 'refund' | 'dispute' | 'customer' | 'subscription' | 'invoice';

/** The thing that an event speaks of, as Square sends it. Old dispute events have it under `object`. */
export function squareObjectOf(data: Fields, kind: string): Fields {
  const object = fieldsOf(data.object);
  return fieldsOf(object[kind] ?? object.object);
}

/** That thing in our shape. */
export function readSquareObject(object: Fields, kind: SquareKind, event: EventType): Partial<EventObject> {
  const id = reference(object.id);
  switch (kind) {
    case 'payment':
      return {
        connector_reference: id,
        payment_reference: id,
        merchant_reference: reference(object.reference_id) ?? reference(object.order_id),
        // With the tip: what the customer pays.
        ...moneyOf(object.total_money ?? object.amount_money),
        detail: event === 'payment_failed' ? errorOf(object) : null,
        customer: reference(object.customer_id),
      };
    case 'refund':
      // Its `reason` is why it was asked for, not why it failed; its order is the return, not the purchase.
      return {
        connector_reference: id,
        payment_reference: reference(object.payment_id),
        ...moneyOf(object.amount_money),
      };
    case 'dispute':
      return {
        connector_reference: id ?? reference(object.dispute_id),
        payment_reference: reference(fieldsOf(object.disputed_payment).payment_id),
        ...moneyOf(object.amount_money),
        detail: text(object.reason),
      };
    case 'customer':
      return { connector_reference: id, merchant_reference: reference(object.reference_id), customer: id };
    case 'subscription':
      return readSubscription(object, id);
    case 'invoice':
      return {
        connector_reference: id,
        merchant_reference: reference(object.invoice_number),
        ...moneyOf(object.next_payment_amount_money),
        customer: reference(fieldsOf(object.primary_recipient).customer_id),
      };
  }
}

function readSubscription(subscription: Fields, id: string | null): Partial<EventObject> {
  const status = text(subscription.status)?.toLowerCase();
  return {
    connector_reference: id,
    ...moneyOf(subscription.price_override_money),
    ...(status === undefined ? {} : { status }),
    customer: reference(subscription.customer_id),
  };
}

function moneyOf(value: unknown): Pick<EventObject, 'amount_minor' | 'currency'> {
  const money = fieldsOf(value);
  const currency = currencyOf(money.currency);
  return { amount_minor: minorUnitsOf(money.amount, currency, NO_SHIFTS), currency };
}

/** The code of the first error of the card or bank account, such as `INSUFFICIENT_FUNDS`. */
function errorOf(payment: Fields): string | null {
  const errors = [payment.card_details, payment.bank_account_details]
    .map((details) => fieldsOf(details).errors)
    .find((list): list is unknown[] => Array.isArray(list) && list.length > 0);
  return text(fieldsOf(errors?.[0]).code);
}
