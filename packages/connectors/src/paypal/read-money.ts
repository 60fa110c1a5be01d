import type { EventObject } from '@owngateway/domain';
import { fieldsOf } from '../payload/fields.ts';
import { currencyOf, minorUnitsOfDecimal } from '../payload/money.ts';

type Money = Pick<EventObject, 'amount_minor' | 'currency'>;

/**
 * Decimal text in major units: `{currency_code, value}`, of older objects `{currency, total}`. PayPal writes HUF and TWD
 * without decimals; read as decimals they are right all the same.
 */
export function moneyOf(amount: unknown): Money {
  const fields = fieldsOf(amount);
  const currency = currencyOf(fields.currency_code ?? fields.currency);
  return { amount_minor: minorUnitsOfDecimal(fields.value ?? fields.total, currency), currency };
}

/** What goes back is a negative amount in older objects, and a positive one in newer ones. */
export function moneyReturned(amount: unknown): Money {
  const { amount_minor: minor, currency } = moneyOf(amount);
  return { amount_minor: minor === null ? null : Math.abs(minor), currency };
}

/** The parts of an order together; an amount only when all of them have one, in one currency. */
export function moneyTogether(amounts: readonly unknown[]): Money {
  const parts = amounts.map(moneyOf);
  const { currency = null } = parts[0] ?? {};
  const minors = parts.map((part) => (part.currency === currency ? part.amount_minor : null));
  const sum = minors.reduce((total, minor) => (total === null || minor === null ? null : total + minor), 0);
  const isKnown = parts.length > 0 && sum !== null && Number.isSafeInteger(sum);
  return { amount_minor: isKnown ? sum : null, currency };
}
