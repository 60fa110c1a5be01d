import { minorUnitExponent } from './currencies.ts';

/**
 * Why a decimal text is no amount: not of the form `-12.34`; a currency whose minor unit is not known; more decimals
 * than the currency has (zeros excepted); beyond what an integer in JSON carries safely.
 */
export type MinorUnitsError = 'not_a_decimal' | 'unknown_currency' | 'too_many_decimals' | 'out_of_range';

export type MinorUnits = { ok: true; amountMinor: number } | { ok: false; error: MinorUnitsError };

/** Sign, whole part, decimals; digits are bounded so that no text is expensive to read. */
const DECIMAL = /^(-?)(\d{1,20})(?:\.(\d{1,20}))?$/;

/**
 * Reads a decimal amount, as PayPal or Braintree write it, into minor units (000.5). Digits are moved as text, never
 * through floating point: "1.15" is 115 cents, and not 114.99999999999999.
 *
 * @param currency ISO 4217, upper case
 */
export function parseMinorUnits(decimalText: string, currency: string): MinorUnits {
  const exponent = minorUnitExponent(currency);
  if (exponent === undefined) return { ok: false, error: 'unknown_currency' };
  const match = DECIMAL.exec(decimalText);
  if (match === null) return { ok: false, error: 'not_a_decimal' };
  const [, sign = '', whole = '', decimals = ''] = match;
  if (/[1-9]/.test(decimals.slice(exponent))) return { ok: false, error: 'too_many_decimals' };
  const magnitude = Number(whole + decimals.slice(0, exponent).padEnd(exponent, '0'));
  if (!Number.isSafeInteger(magnitude)) return { ok: false, error: 'out_of_range' };
  // "-0.00" is 0: JSON and comparisons know no negative zero.
  return { ok: true, amountMinor: sign === '-' && magnitude > 0 ? -magnitude : magnitude };
}
