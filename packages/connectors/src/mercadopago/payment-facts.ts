import type { EventObject } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, stringsOf, text } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';
import { firstTimeOf, identifiedIn, type MercadoPagoFact, typeOf } from './facts.ts';

/** A payment: its status, and each of its refunds, also when only a part of it was paid back. */
export function factsOfPayment(payment: Fields): MercadoPagoFact[] {
  const refunds = identifiedIn(payment.refunds);
  return [factOfStatus(payment, refunds.length > 0), ...refunds.map((refund) => factOfRefund(refund, payment))];
}

/** A charge of a subscription is as far as its payment is. Refunds are told when the payment itself is looked up. */
export function factsOfAuthorizedPayment(charge: Fields): MercadoPagoFact[] {
  const { id, status, status_detail } = fieldsOf(charge.payment);
  if (reference(id) === null) {
    const type = typeOf('subscription_authorized_payment', charge.status);
    const key = `subscription_authorized_payment:${reference(charge.id)}`;
    return [{ key, type, state: {}, occurredAt: null, object: {} }];
  }
  const payment = { ...charge, id, status, status_detail, date_last_updated: charge.last_modified };
  return [factOfStatus({ ...payment, payer: { id: charge.payer_id } }, true)];
}

function factOfStatus(payment: Fields, namesRefunds: boolean): MercadoPagoFact {
  const status = reference(payment.status);
  const statusDetail = text(payment.status_detail);
  const isRefunded = status === 'refunded';
  const { transaction_amount: amount, transaction_amount_refunded: refunded } = payment;
  return {
    // A payment may be pending for several reasons one after the other.
    key: `payment:${reference(payment.id)}:${status === 'pending' ? `pending:${statusDetail}` : status}`,
    type: typeOf('payment', status),
    state: { statusDetail, namesRefunds },
    occurredAt: firstTimeOf(
      status === 'approved' ? payment.date_approved : null,
      payment.date_last_updated,
      payment.date_created,
    ),
    object: {
      ...readPayment(payment, isRefunded ? (refunded ?? amount) : amount),
      connector_reference: reference(payment.id),
      detail: status === 'approved' || isRefunded ? null : statusDetail,
    },
  };
}

function factOfRefund(refund: Fields, payment: Fields): MercadoPagoFact {
  return {
    key: `refund:${reference(refund.id)}:${reference(refund.status)}`,
    type: typeOf('refund', refund.status),
    state: {},
    occurredAt: firstTimeOf(refund.date_created, payment.date_last_updated),
    object: {
      ...readPayment(payment, refund.amount),
      connector_reference: reference(refund.id),
      detail: text(refund.reason),
    },
  };
}

function readPayment(payment: Fields, amount: unknown): Partial<EventObject> {
  const currency = currencyOf(payment.currency_id);
  const metadata = stringsOf(payment.metadata);
  return {
    payment_reference: reference(payment.id),
    merchant_reference: reference(payment.external_reference) ?? orderReferenceIn(metadata),
    amount_minor: minorUnitsOfDecimal(amount, currency),
    currency,
    customer: reference(fieldsOf(payment.payer).id),
    metadata,
  };
}
