/**
 * ISO 4217 (table A.1, 2026): active currencies by the number of digits after the decimal point. Funds codes that
 * merchants are paid in are included; precious metals and testing codes, which have no minor unit, are not.
 */
const CURRENCIES_BY_EXPONENT = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW ' +
    'CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ' +
    'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK ' +
    'MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP ' +
    'SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG ' +
    'YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const;

/**
 * Withdrawn lately, and still named by notifications: kuna, guilder, leone, peso convertible, Zimbabwe dollar, lev (all
 * two digits).
 */
const LATELY_WITHDRAWN = 'ANG BGN CUC HRK SLL ZWL';

const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(CURRENCIES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
  ...LATELY_WITHDRAWN.split(' ').map((code) => [code, 2] as const),
]);

/** Is it the upper-case code of a currency with a known minor unit? */
export function isCurrency(code: string): boolean {
  return EXPONENTS.has(code);
}

/** Decimal digits of a currency's minor unit (JPY 0, USD 2, KWD 3, CLF 4); undefined for an unknown code. */
export function minorUnitExponent(currency: string): number | undefined {
  return EXPONENTS.get(currency);
}

/** Every known code. */
export const CURRENCIES: readonly string[] = [...EXPONENTS.keys()].sort();
