import fc from 'fast-check';
import { CURRENCIES, isCurrency, minorUnitExponent } from './currencies.ts';
import type { MinorUnits } from './minor-units.ts';
import { parseMinorUnits } from './minor-units.ts';

const minor = (amountMinor: number): MinorUnits => ({ ok: true, amountMinor });
const failed = (error: Extract<MinorUnits, { ok: false }>['error']): MinorUnits => ({ ok: false, error });

describe('parseMinorUnits', () => {
  test.each<[string, string, MinorUnits]>([
    ['20.00', 'USD', minor(2000)],
    ['20', 'USD', minor(2000)],
    ['20.1', 'USD', minor(2010)],
    ['1.15', 'EUR', minor(115)],
    ['0.29', 'EUR', minor(29)],
    ['1.005', 'EUR', failed('too_many_decimals')],
    ['1.150', 'EUR', minor(115)],
    ['500', 'JPY', minor(500)],
    ['500.00', 'JPY', minor(500)],
    ['500.5', 'JPY', failed('too_many_decimals')],
    ['1.234', 'KWD', minor(1234)],
    ['1.2345', 'CLF', minor(12345)],
    ['-3.50', 'GBP', minor(-350)],
    ['-0.00', 'GBP', minor(0)],
    ['007.10', 'GBP', minor(710)],
    ['90071992547409.91', 'USD', minor(Number.MAX_SAFE_INTEGER)],
    ['90071992547409.92', 'USD', failed('out_of_range')],
    ['1'.repeat(21), 'USD', failed('not_a_decimal')],
    ['', 'USD', failed('not_a_decimal')],
    ['.5', 'USD', failed('not_a_decimal')],
    ['5.', 'USD', failed('not_a_decimal')],
    ['+5', 'USD', failed('not_a_decimal')],
    ['1e3', 'USD', failed('not_a_decimal')],
    ['1,000.00', 'USD', failed('not_a_decimal')],
    [' 1', 'USD', failed('not_a_decimal')],
    ['1\n', 'USD', failed('not_a_decimal')],
    ['٣', 'USD', failed('not_a_decimal')],
    ['NaN', 'USD', failed('not_a_decimal')],
    ['1.00', 'usd', failed('unknown_currency')],
    ['1.00', 'XXX', failed('unknown_currency')],
    ['1.00', 'constructor', failed('unknown_currency')],
  ])('%s %s', (text, currency, expected) => {
    expect(parseMinorUnits(text, currency)).toEqual(expected);
  });

  test('is the inverse of writing minor units as a decimal, for every currency and amount', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CURRENCIES), fc.maxSafeInteger(), (currency, amountMinor) => {
        expect(parseMinorUnits(decimalOf(amountMinor, currency), currency)).toEqual(minor(amountMinor));
      }),
    );
  });

  test('any text gives a safe integer or a named error', () => {
    const almostDecimal = fc.stringMatching(/^-?[0-9]{0,25}\.?[0-9]{0,25}[eE,+ ]?$/);
    fc.assert(
      fc.property(fc.oneof(almostDecimal, fc.string()), fc.constantFrom(...CURRENCIES), (text, currency) => {
        const result = parseMinorUnits(text, currency);
        expect(result.ok ? Number.isSafeInteger(result.amountMinor) : result.error !== 'unknown_currency').toBe(true);
      }),
    );
  });
});

function decimalOf(amountMinor: number, currency: string): string {
  const exponent = minorUnitExponent(currency) ?? 0;
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const decimals = digits.slice(digits.length - exponent);
  return `${amountMinor < 0 ? '-' : ''}${whole}${exponent > 0 ? `.${decimals}` : ''}`;
}

describe('currencies', () => {
  test('each code is listed once, as three upper-case letters', () => {
    expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
    expect(new Set(CURRENCIES).size).toBe(CURRENCIES.length);
    expect(isCurrency('USD')).toBe(true);
    expect(isCurrency('usd')).toBe(false);
  });

  test.each([
    ['JPY', 0],
    ['KRW', 0],
    ['USD', 2],
    ['KWD', 3],
    ['UYW', 4],
    ['XXX', undefined],
  ])('the minor unit of %s has %s digits', (currency, exponent) => {
    expect(minorUnitExponent(currency)).toBe(exponent);
  });
});
