import { parseMinorUnits } from '@owngateway/domain';

/**
 * Where a vendor counts a currency in other decimals than ISO 4217: by how many places its amounts are moved to become
 * ISO minor units (-2 divides by 100).
 */
export type DecimalShifts = Readonly<Record<string, number>>;

/** An ISO 4217 code in upper case, or null. */
export function currencyOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z]{3}$/.test(value) ? value.toUpperCase() : null;
}

/**
 * A vendor's amount in ISO minor units of its currency. Null unless it is exactly a safe integer: a number that JSON
 * could not carry is not guessed at.
 */
export function minorUnitsOf(value: unknown, currency: string | null, shifts: DecimalShifts): number | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return null;
  }
  const shift = (currency === null ? undefined : shifts[currency]) ?? 0;
  const moved = shift < 0 ? value / 10 ** -shift : value * 10 ** shift;
  // `+ 0` turns JSON's -0 into 0.
  return Number.isSafeInteger(moved) ? moved + 0 : null;
}

/**
 * A vendor's amount in major units, as decimal text such as `10.00`, in ISO minor units of its currency. Null without a
 * known currency: how many decimals it has would be guessed.
 */
export function minorUnitsOfDecimal(value: unknown, currency: string | null): number | null {
  if (typeof value !== 'string' || currency === null) {
    return null;
  }
  const units = parseMinorUnits(value, currency);
  return units.ok ? units.amountMinor : null;
}
