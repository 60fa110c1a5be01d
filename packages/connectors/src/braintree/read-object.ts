import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, isFields, orderReferenceIn, reference, stringsOf, text } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';

/** The subject of a notification in our shape; which element it has follows from the kind. */
export function readBraintreeObject(subject: Fields, event: EventType): Partial<EventObject> {
  if (isFields(subject.dispute)) {
    return readDispute(subject.dispute);
  }
  if (isFields(subject.subscription)) {
    return readSubscription(subject.subscription, event);
  }
  if (isFields(subject.transaction)) {
    return event.startsWith('refund_') ? readRefund(subject.transaction) : readPayment(subject.transaction, event);
  }
  return event === 'customer_updated' ? readPaymentMethod(subject) : readLocalPayment(subject, event);
}

function readPayment(transaction: Fields, event: EventType): Partial<EventObject> {
  const id = reference(transaction.id);
  return { ...readTransaction(transaction, event), connector_reference: id, payment_reference: id };
}

function readRefund(transaction: Fields): Partial<EventObject> {
  return {
    ...readTransaction(transaction, 'refund_failed'),
    connector_reference: reference(transaction.id),
    payment_reference: reference(transaction['refunded-transaction-id']),
  };
}

function readTransaction(transaction: Fields, event: EventType): Partial<EventObject> {
  const metadata = customFieldsOf(transaction);
  return {
    merchant_reference: reference(transaction['order-id']) ?? orderReferenceIn(metadata),
    ...moneyOf(transaction.amount, transaction['currency-iso-code']),
    detail: event.endsWith('_failed') ? reasonOf(transaction) : null,
    customer: reference(fieldsOf(transaction.customer).id),
    metadata,
  };
}

function readDispute(dispute: Fields): Partial<EventObject> {
  const transaction = fieldsOf(dispute.transaction);
  return {
    connector_reference: reference(dispute.id),
    payment_reference: reference(transaction.id),
    merchant_reference: reference(transaction['order-id']),
    ...moneyOf(dispute['amount-disputed'] ?? dispute.amount, dispute['currency-iso-code']),
    detail: text(dispute.reason),
  };
}

/** A charge is told of as its subscription, the newest transaction first: the payment is that transaction. */
function readSubscription(subscription: Fields, event: EventType): Partial<EventObject> {
  const { transactions } = subscription;
  const newest = fieldsOf(Array.isArray(transactions) ? transactions[0] : null);
  if (event !== 'subscription_status_changed') {
    return readPayment(newest, event);
  }
  const status = text(subscription.status)?.toLowerCase().replaceAll(' ', '_');
  return {
    connector_reference: reference(subscription.id),
    payment_reference: reference(newest.id),
    ...moneyOf(subscription.price, newest['currency-iso-code']),
    ...(status === undefined ? {} : { status }),
    customer: reference(fieldsOf(newest.customer).id),
  };
}

/** What was revoked is the payment method; what was updated is the customer behind one. */
function readPaymentMethod(subject: Fields): Partial<EventObject> {
  const [first] = Object.values(subject);
  const found = fieldsOf(first);
  const token = reference(found.token);
  const customer = reference(found['customer-id']);
  if (!isFields(found['payment-method'])) {
    return { connector_reference: token, customer };
  }
  const [method] = Object.values(found['payment-method']);
  const owner = reference(fieldsOf(method)['customer-id']);
  return { connector_reference: owner ?? token, customer: owner };
}

/**
 * `local-payment`, `local-payment-funded`, `-expired` or `-reversed`. Only `payment-id` is in all of them, so it is what the
 * payment goes by; refunds and disputes will name the transaction.
 */
function readLocalPayment(subject: Fields, event: EventType): Partial<EventObject> {
  const [first] = Object.values(subject);
  const payment = fieldsOf(first);
  const transaction = fieldsOf(payment.transaction);
  const id = reference(payment['payment-id']);
  return {
    ...readTransaction(transaction, event),
    connector_reference: reference(transaction.id) ?? id,
    payment_reference: id,
  };
}

function moneyOf(amount: unknown, currencyCode: unknown): Pick<EventObject, 'amount_minor' | 'currency'> {
  const currency = currencyOf(currencyCode);
  return { amount_minor: minorUnitsOfDecimal(amount, currency), currency };
}

/** The field that tells most of why a transaction did not go through. */
function reasonOf(transaction: Fields): string | null {
  return (
    text(transaction['gateway-rejection-reason']) ??
    text(transaction['processor-settlement-response-text']) ??
    text(transaction['processor-response-text']) ??
    text(transaction.status)
  );
}

/** Written with underscores by the merchant, and with hyphens in XML. */
function customFieldsOf(transaction: Fields): Record<string, string> {
  const entries = Object.entries(stringsOf(transaction['custom-fields']));
  return stringsOf(Object.fromEntries(entries.map(([name, value]) => [name.replaceAll('-', '_'), value])));
}
