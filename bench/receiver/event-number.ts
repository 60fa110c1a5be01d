const MARK = 'pi_bench_';
const ZERO = 48;

/** The Stripe payment intent that event `number` of this bench is about. */
export function paymentIntentOf(number: number): string {
  return `${MARK}${number}`;
}

/**
 * The number of the event that a body is about: of the first payment intent in it, which both Stripe's notification and our
 * event have. Read from the bytes, since parsing JSON would cost more than receiving does. `null` when there is none.
 */
export function eventNumberIn(body: Buffer): number | null {
  const at = body.indexOf(MARK, 0, 'latin1');
  if (at < 0) return null;
  let number = 0;
  let i = at + MARK.length;
  for (; i < body.length; i += 1) {
    const digit = (body[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return i === at + MARK.length ? null : number;
}
