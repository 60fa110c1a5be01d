import { type Fields, fieldsOf, reference } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';
import { firstTimeOf, type MercadoPagoFact, typeOf } from './facts.ts';

/** A subscription. It may be paused and go on any number of times, so the time of its change is part of the key. */
export function factsOfSubscription(subscription: Fields): MercadoPagoFact[] {
  const status = reference(subscription.status);
  const { transaction_amount: amount, currency_id: code } = fieldsOf(subscription.auto_recurring);
  const currency = currencyOf(code);
  const occurredAt = firstTimeOf(subscription.last_modified, subscription.date_created);
  return [
    {
      key: `subscription_preapproval:${reference(subscription.id)}:${status}:${occurredAt?.getTime()}`,
      type: typeOf('subscription_preapproval', status),
      state: {},
      occurredAt,
      object: {
        connector_reference: reference(subscription.id),
        merchant_reference: reference(subscription.external_reference),
        amount_minor: minorUnitsOfDecimal(amount, currency),
        currency,
        ...(status === null ? {} : { status }),
        customer: reference(subscription.payer_id),
      },
    },
  ];
}
