import type { EventObject } from '@owngateway/domain';
import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';
import { firstTimeOf, identifiedIn, type MercadoPagoFact, typeOf } from './facts.ts';

/** Orders of most countries name only the country, and each has one currency (mercadopago.com/developers, orders). */
const CURRENCY_OF_COUNTRY: ReadonlyMap<string, string> = new Map([
  ['ARG', 'ARS'],
  ['BRA', 'BRL'],
  ['CHL', 'CLP'],
  ['COL', 'COP'],
  ['MEX', 'MXN'],
  ['PER', 'PEN'],
  ['URY', 'UYU'],
]);

/** An order of the Orders API is as far as its payments and refunds are. */
export function factsOfOrder(order: Fields): MercadoPagoFact[] {
  const transactions = fieldsOf(order.transactions);
  const refunds = identifiedIn(transactions.refunds);
  return [
    ...identifiedIn(transactions.payments).map((payment) => factOfPayment(payment, refunds, order)),
    ...refunds.map((refund) => factOfRefund(refund, order)),
  ];
}

function factOfPayment(payment: Fields, refunds: readonly Fields[], order: Fields): MercadoPagoFact {
  const id = reference(payment.id);
  const status = reference(payment.status);
  const statusDetail = text(payment.status_detail);
  const isRefunded = status === 'refunded';
  const succeeded = status === 'processed';
  return {
    // It may wait for several actions one after the other.
    key: `order_payment:${id}:${status === 'action_required' ? `action_required:${statusDetail}` : status}`,
    type: typeOf('order_payment', status),
    state: { statusDetail, namesRefunds: refunds.some((refund) => refund.transaction_id === id) },
    // No payment has a time of its own. Of one that was paid and changed since, the order's beginning is nearest.
    occurredAt: succeeded && statusDetail !== 'accredited' ? firstTimeOf(order.created_date) : timeOf(order),
    object: {
      ...readOrder(
        order,
        isRefunded ? payment.refunded_amount : succeeded ? payment.paid_amount : null,
        payment.amount,
      ),
      connector_reference: id,
      payment_reference: id,
      detail: succeeded || isRefunded ? null : statusDetail,
    },
  };
}

function factOfRefund(refund: Fields, order: Fields): MercadoPagoFact {
  return {
    key: `order_refund:${reference(refund.id)}:${reference(refund.status)}`,
    type: typeOf('order_refund', refund.status),
    state: {},
    occurredAt: timeOf(order),
    object: {
      ...readOrder(order, refund.amount),
      connector_reference: reference(refund.id),
      payment_reference: reference(refund.transaction_id),
    },
  };
}

function timeOf(order: Fields): Date | null {
  return firstTimeOf(order.last_updated_date, order.created_date);
}

/** @param amounts the first that is one counts */
function readOrder(order: Fields, ...amounts: readonly unknown[]): Partial<EventObject> {
  const currency = currencyOf(order.currency) ?? CURRENCY_OF_COUNTRY.get(text(order.country_code) ?? '') ?? null;
  const found = amounts.map((amount) => minorUnitsOfDecimal(amount, currency)).find((amount) => amount !== null);
  return {
    merchant_reference: reference(order.external_reference),
    amount_minor: found ?? null,
    currency,
    customer: reference(fieldsOf(order.payer).customer_id),
  };
}
