import type { EventObject } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, stringsOf, text } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf } from '../payload/money.ts';

/** Razorpay counts in the smallest unit of ISO 4217; of currencies with three decimals the last one is 0. */
const NO_SHIFTS: DecimalShifts = {};

/** An entity of `payload`, such as `payment`: a snapshot of when the event happened. */
export function razorpayEntityOf(payload: Fields, name: string): Fields {
  return fieldsOf(fieldsOf(payload[name]).entity);
}

/** What an event speaks of, in our shape. `type` is Razorpay's name of the event. */
export function readRazorpayObject(payload: Fields, type: string): Partial<EventObject> {
  const payment = razorpayEntityOf(payload, 'payment');
  if (type === 'subscription.charged') {
    return readPayment(payment);
  }
  if (type.startsWith('payment.dispute.')) {
    return readDispute(razorpayEntityOf(payload, 'dispute'), payment);
  }
  const [name = ''] = type.split('.');
  const entity = razorpayEntityOf(payload, name);
  switch (name) {
    case 'payment':
      return readPayment(entity);
    case 'payment_link':
      return readPaymentLink(entity);
    case 'refund':
      return readRefund(entity, payment);
    case 'subscription':
      return readSubscription(entity);
    default:
      return readMandate(entity);
  }
}

function readPayment(payment: Fields): Partial<EventObject> {
  const id = reference(payment.id);
  return {
    connector_reference: id,
    payment_reference: id,
    ...orderOf(payment),
    ...moneyOf(payment),
    detail: text(payment.error_reason) ?? text(payment.error_code),
    customer: reference(payment.customer_id),
  };
}

function readPaymentLink(link: Fields): Partial<EventObject> {
  const metadata = stringsOf(link.notes);
  return {
    connector_reference: reference(link.id),
    merchant_reference: reference(link.reference_id) ?? orderReferenceIn(metadata),
    ...moneyOf(link),
    metadata,
  };
}

/** The payment comes with it, and knows the order. */
function readRefund(refund: Fields, payment: Fields): Partial<EventObject> {
  const { merchant_reference } = orderOf(payment);
  const metadata = stringsOf(refund.notes);
  return {
    connector_reference: reference(refund.id),
    payment_reference: reference(refund.payment_id),
    merchant_reference: merchant_reference ?? orderReferenceIn(metadata),
    ...moneyOf(refund),
    customer: reference(payment.customer_id),
    metadata,
  };
}

function readDispute(dispute: Fields, payment: Fields): Partial<EventObject> {
  return {
    connector_reference: reference(dispute.id),
    payment_reference: reference(dispute.payment_id),
    merchant_reference: orderOf(payment).merchant_reference,
    ...moneyOf(dispute),
    detail: text(dispute.reason_code),
    customer: reference(payment.customer_id),
  };
}

function readSubscription(subscription: Fields): Partial<EventObject> {
  const status = text(subscription.status);
  const metadata = stringsOf(subscription.notes);
  return {
    connector_reference: reference(subscription.id),
    merchant_reference: orderReferenceIn(metadata),
    ...(status === null ? {} : { status }),
    customer: reference(subscription.customer_id),
    metadata,
  };
}

function readMandate(token: Fields): Partial<EventObject> {
  const recurring = fieldsOf(token.recurring_details);
  const status = text(recurring.status);
  return {
    connector_reference: reference(token.id),
    ...(status === null ? {} : { status }),
    detail: text(recurring.failure_reason),
    customer: reference(token.customer_id),
    metadata: stringsOf(token.notes),
  };
}

/** Notes are the merchant's own; the order is the one that the merchant made at Razorpay for this payment. */
function orderOf(payment: Fields): Required<Pick<EventObject, 'merchant_reference' | 'metadata'>> {
  const metadata = stringsOf(payment.notes);
  return { merchant_reference: orderReferenceIn(metadata) ?? reference(payment.order_id), metadata };
}

function moneyOf(entity: Fields): Pick<EventObject, 'amount_minor' | 'currency'> {
  const currency = currencyOf(entity.currency);
  return { amount_minor: minorUnitsOf(entity.amount, currency, NO_SHIFTS), currency };
}
