import { EVENT_TYPES, type EventObject, type EventType, minorUnitExponent } from '@owngateway/domain';
import { orderReferenceIn, textsOf } from '../payload/fields.ts';
import { currencyOf, type DecimalShifts, minorUnitsOf, minorUnitsOfDecimal } from '../payload/money.ts';
import type { ObjectDefinition } from './definition/object.ts';
import { type Fact, parseSource, type Source, textFrom, valueFrom } from './source.ts';

/** Reads `data.object` of one fact. */
export type ReadObject = (fact: Fact, event: EventType) => Partial<EventObject>;

/** A whole number, also written as `100.00`. */
const WHOLE = /^(-?\d{1,16})(?:\.0{1,4})?$/;

/** Makes the reader of a definition's object: every place is parsed once. */
export function readObjectBy(definition: ObjectDefinition): ReadObject {
  const { amount, default_currency: defaultCurrency, ...texts } = definition;
  const places = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sourceOf(text)])) as {
    [Name in keyof typeof texts]?: Source | null;
  };
  const amountPlace = sourceOf(amount?.path);
  const shifts = shiftsOf(amount?.decimals ?? {});
  const amountOf = (fact: Fact, currency: string | null) => {
    const text = textFrom(amountPlace, fact);
    return amount?.unit === 'major' ? minorUnitsOfDecimal(text, currency) : wholeUnitsOf(text, currency, shifts);
  };

  return (fact, event) => {
    const read = (name: keyof typeof texts) => textFrom(places[name] ?? null, fact);
    const currency = currencyOf(read('currency')) ?? defaultCurrency ?? null;
    const metadata = places.metadata ? textsOf(valueFrom(places.metadata, fact)) : {};
    const id = read('connector_reference');
    const { objectType } = EVENT_TYPES[event];
    const status = event === 'subscription_status_changed' ? read('status') : null;
    return {
      connector_reference: id,
      payment_reference: read('payment_reference') ?? (objectType === 'payment' ? id : null),
      merchant_reference: read('merchant_reference') ?? orderReferenceIn(metadata),
      amount_minor: amountOf(fact, currency),
      currency,
      ...(status === null ? {} : { status }),
      detail: read('detail'),
      customer: read('customer') ?? (objectType === 'customer' ? id : null),
      metadata,
    };
  };
}

function wholeUnitsOf(text: string | null, currency: string | null, shifts: DecimalShifts): number | null {
  const digits = WHOLE.exec(text ?? '')?.[1];
  return digits === undefined ? null : minorUnitsOf(Number(digits), currency, shifts);
}

/** By how many places amounts are moved: from the provider's number of decimals to that of ISO 4217. */
function shiftsOf(decimals: Readonly<Record<string, number>>): DecimalShifts {
  return Object.fromEntries(
    Object.entries(decimals).map(([currency, count]) => [currency, (minorUnitExponent(currency) ?? count) - count]),
  );
}

function sourceOf(text: string | undefined): Source | null {
  return text === undefined ? null : parseSource(text);
}
