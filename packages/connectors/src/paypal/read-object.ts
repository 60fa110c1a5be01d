import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { moneyOf, moneyReturned, moneyTogether } from './read-money.ts';
import { merchantReferenceOf, metadataOf, paymentGivenBack } from './references.ts';

/** `resource` in our shape. Which kind of object it is follows from the event. */
export function readPayPalObject(resource: Fields, event: EventType): Partial<EventObject> {
  switch (event) {
    case 'refund_initiated':
    case 'refund_succeeded':
    case 'refund_failed':
    case 'chargeback':
      return readReturn(resource);
    case 'subscription_status_changed':
      return readSubscription(resource);
    case 'customer_updated':
      return readPaymentToken(resource);
    default:
      return event.startsWith('dispute_') ? readDispute(resource) : readPayment(resource);
  }
}

/** An order, an older payment, the failed payment of a subscription; or a capture, a sale or an authorisation. */
function readPayment(resource: Fields): Partial<EventObject> {
  const parts = resource.purchase_units ?? resource.transactions;
  if (Array.isArray(parts)) {
    return readOrder(resource, parts.map(fieldsOf));
  }
  return resource.billing_info === undefined ? readCapture(resource) : readFailedPayment(resource);
}

function readCapture(capture: Fields): Partial<EventObject> {
  const id = reference(capture.id);
  return {
    connector_reference: id,
    payment_reference: id,
    merchant_reference: merchantReferenceOf(capture),
    ...moneyOf(capture.amount),
    detail: reasonOf(capture),
    metadata: metadataOf(capture),
  };
}

/** What the buyer agreed to. Its captures will have ids of their own, and name the order in `metadata.order_id`. */
function readOrder(order: Fields, parts: readonly Fields[]): Partial<EventObject> {
  const id = reference(order.id) ?? reference(order.order_id);
  const first = parts[0] ?? {};
  const payer = fieldsOf(order.payer);
  const wallet = fieldsOf(fieldsOf(order.payment_source).paypal);
  return {
    connector_reference: id,
    payment_reference: id,
    merchant_reference: merchantReferenceOf(first),
    ...moneyTogether(parts.map((part) => part.amount)),
    customer:
      reference(payer.payer_id) ?? reference(fieldsOf(payer.payer_info).payer_id) ?? reference(wallet.account_id),
    metadata: metadataOf({ ...first, supplementary_data: { related_ids: { order_id: id } } }),
  };
}

/** PayPal names no payment: the reference is the subscription's. */
function readFailedPayment(subscription: Fields): Partial<EventObject> {
  const failed = fieldsOf(fieldsOf(subscription.billing_info).last_failed_payment);
  const id = reference(subscription.id);
  return {
    connector_reference: id,
    merchant_reference: merchantReferenceOf(subscription),
    ...moneyOf(failed.amount),
    detail: text(failed.reason_code),
    customer: reference(fieldsOf(subscription.subscriber).payer_id),
    metadata: metadataOf({ ...subscription, billing_agreement_id: id }),
  };
}

/** A refund or a reversal: an object of its own, that names the payment it takes from. */
function readReturn(resource: Fields): Partial<EventObject> {
  return {
    connector_reference: reference(resource.id),
    payment_reference: paymentGivenBack(resource),
    merchant_reference: merchantReferenceOf(resource),
    ...moneyReturned(resource.amount),
    detail: reasonOf(resource),
    metadata: metadataOf(resource),
  };
}

/** Of the transactions that a dispute may be about, the first; of older notices, themselves. */
function readDispute(dispute: Fields): Partial<EventObject> {
  const { disputed_transactions: disputed } = dispute;
  const transaction = fieldsOf(Array.isArray(disputed) ? disputed[0] : null);
  return {
    connector_reference: reference(dispute.dispute_id) ?? reference(dispute.id),
    payment_reference: reference(transaction.seller_transaction_id) ?? reference(dispute.seller_transaction_id),
    merchant_reference: merchantReferenceOf(transaction),
    ...moneyOf(dispute.dispute_amount ?? transaction.gross_amount),
    detail: text(dispute.reason),
    customer: reference(fieldsOf(transaction.buyer).payer_id),
    metadata: metadataOf({ ...dispute, custom: transaction.custom }),
  };
}

function readSubscription(subscription: Fields): Partial<EventObject> {
  const status = (text(subscription.status) ?? text(subscription.state))?.toLowerCase();
  return {
    connector_reference: reference(subscription.id),
    merchant_reference: merchantReferenceOf(subscription),
    ...moneyOf(fieldsOf(fieldsOf(subscription.billing_info).last_payment).amount),
    ...(status === undefined ? {} : { status }),
    customer: reference(fieldsOf(subscription.subscriber).payer_id),
    metadata: metadataOf(subscription),
  };
}

function readPaymentToken(token: Fields): Partial<EventObject> {
  return { connector_reference: reference(token.id), customer: reference(fieldsOf(token.customer).id) };
}

/** Why it is pending, or did not go through: in `status_details`, of older objects in `reason_code`. */
function reasonOf(resource: Fields): string | null {
  return (
    text(fieldsOf(resource.status_details).reason) ??
    text(resource.reason_code) ??
    text(fieldsOf(resource.processor_response).response_code)
  );
}
