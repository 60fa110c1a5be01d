import { type Fields, fieldsOf, reference, text } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';
import { firstTimeOf, type MercadoPagoFact, typeOf } from './facts.ts';

/** A chargeback is as far as its documentation is. */
export function factsOfChargeback(chargeback: Fields): MercadoPagoFact[] {
  const { id, payments, documentation_status: status } = chargeback;
  const [payment] = Array.isArray(payments) ? payments : [];
  const currency = currencyOf(chargeback.currency);
  return [
    {
      key: `chargeback:${reference(id)}:${reference(status)}`,
      type: typeOf('chargeback', status),
      state: { isCovered: chargeback.coverage_applied === true },
      occurredAt: firstTimeOf(status === 'pending' ? null : chargeback.date_last_updated, chargeback.date_created),
      object: {
        connector_reference: reference(id),
        payment_reference: reference(payment),
        amount_minor: minorUnitsOfDecimal(chargeback.amount, currency),
        currency,
        detail: text(chargeback.reason),
      },
    },
  ];
}

/** A claim of a buyer, which says no amount. */
export function factsOfClaim(claim: Fields): MercadoPagoFact[] {
  const id = reference(claim.id);
  const status = reference(claim.status);
  const payment = claim.resource === 'payment' ? reference(claim.resource_id) : null;
  const { benefited, date_created: closedAt, reason } = fieldsOf(claim.resolution);
  const isOpen = status === 'opened';
  return [
    {
      // A payment that is in mediation says the same: it is told once.
      key: isOpen && payment !== null ? `payment:${payment}:in_mediation` : `claim:${id}:${status}`,
      type: typeOf('claim', status),
      state: { benefited: Array.isArray(benefited) ? benefited : [] },
      occurredAt: isOpen ? firstTimeOf(claim.date_created) : firstTimeOf(closedAt, claim.last_updated),
      object: {
        connector_reference: id,
        payment_reference: payment,
        detail: (isOpen ? null : text(reason)) ?? text(claim.reason_id),
      },
    },
  ];
}
