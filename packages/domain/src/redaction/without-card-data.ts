import { withoutCardNumbers } from './without-card-numbers.ts';

const REMOVED = '[removed]';
const TOO_DEEP = '[too deep]';
const NUMBER_REMOVED = '[number removed]';
const NOT_EXACT = '[number not exact]';
/** Deeper than any vendor's object; JSON that is nested thousands deep must not exhaust the stack. */
const MAX_DEPTH = 32;

/** Whole names, without their separators: a card's number, and what must not even be kept (PCI DSS 4.0, 3.3). */
const CARD_DATA =
  /^(?:cardnumber|(?:card)?(?:pan|primaryaccountnumber|c[vs][cv]2?|cvn2?|securitycode)|cardverification(?:code|value)|track[12](?:data)?|trackdata|pinblock)$/;
/** What ends so lets somebody act for the merchant or the customer, as Stripe's `client_secret` does. */
const SECRET = /(?:secret|password|passphrase|privatekey|apikey)$/;

/**
 * A copy of a JSON value without what may be card data or a secret: by the name of the field, and card numbers in any text
 * (`withoutCardNumbers`). A last net: vendors' notifications should hold none. Nothing is deeper than 32 levels afterwards,
 * nothing is named `__proto__`,
 * and no number is another than the vendor wrote for want of digits.
 */
export function withoutCardData(value: unknown): unknown {
  return copied(value, MAX_DEPTH);
}

function copied(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return withoutCardNumbers(value);
    case 'number':
      return isLikeCard(value) ? NUMBER_REMOVED : isExact(value) ? value : NOT_EXACT;
    case 'object':
      return value === null ? null : copiedObject(value, depth);
    case 'boolean':
      return value;
    default:
      return null;
  }
}

function copiedObject(value: object, depth: number): unknown {
  if (depth === 0) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((one) => copied(one, depth - 1));
  const entries = Object.entries(value).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(
    entries.map(([name, one]) => [name, isUntellable(name, one) ? REMOVED : copied(one, depth - 1)]),
  );
}

/** Objects under such a name are looked into; flags and what is empty tell nothing. */
function isUntellable(name: string, value: unknown): boolean {
  if ((typeof value !== 'string' || value === '') && typeof value !== 'number') return false;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return CARD_DATA.test(plain) || SECRET.test(plain);
}

/** JSON's numbers may have more digits than a double: what was 9007199254740993 would be told as ...992. */
function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/** Times in milliseconds have 13 digits, card numbers of today at least 14. */
function isLikeCard(value: number): boolean {
  return value > 9_999_999_999_999 && withoutCardNumbers(String(value)) !== String(value);
}
