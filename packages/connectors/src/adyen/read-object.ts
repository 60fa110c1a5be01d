import { EVENT_TYPES, type EventObject, type EventType } from '@owngateway/domain';
import { type Fields, reference, stringsOf, text } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf } from '../payload/money.ts';
import type { AdyenItem, AdyenSignedFields } from './read-items.ts';

/** Where Adyen counts other decimals than ISO 4217 (docs.adyen.com/development-resources/currency-codes). */
const ADYEN_DECIMAL_SHIFTS: DecimalShifts = { CLP: -2, ISK: -2, CVE: 2, IDR: 2 };

const METADATA_PREFIX = 'metadata.';

/** References, amount and currency are signed; detail, customer and metadata are not and decide nothing. */
export function readAdyenObject(
  signed: AdyenSignedFields,
  { reason, additionalData }: AdyenItem['unsigned'],
  event: EventType,
): Partial<EventObject> {
  const currency = currencyOf(signed.amountCurrency);
  const amount = /^-?\d+$/.test(signed.amountValue) ? Number(signed.amountValue) : null;
  return {
    ...referencesOf(signed, event),
    merchant_reference: reference(signed.merchantReference),
    amount_minor: minorUnitsOf(amount, currency, ADYEN_DECIMAL_SHIFTS),
    currency,
    detail: wentWrong(event) ? text(reason) : null,
    customer: reference(additionalData.shopperReference) ?? reference(additionalData['recurring.shopperReference']),
    metadata: metadataOf(additionalData),
  };
}

/** Of an authorisation `pspReference` is the payment; of what follows it is the modification, and `originalReference` the payment. */
function referencesOf({ pspReference, originalReference }: AdyenSignedFields, event: EventType) {
  const payment = reference(originalReference);
  if (EVENT_TYPES[event].objectType === 'payment') {
    const own = payment ?? reference(pspReference);
    return { connector_reference: own, payment_reference: own };
  }
  return { connector_reference: reference(pspReference), payment_reference: payment };
}

/** Of what went well the reason holds authorisation code, last digits and expiry of the card: not for passing on. */
function wentWrong(event: EventType): boolean {
  return event.endsWith('_failed') || EVENT_TYPES[event].objectType === 'dispute';
}

function metadataOf(additionalData: Fields): Record<string, string> {
  const ours = Object.entries(additionalData).filter(([name]) => name.startsWith(METADATA_PREFIX));
  return stringsOf(Object.fromEntries(ours.map(([name, value]) => [name.slice(METADATA_PREFIX.length), value])));
}
