/** The parts of `Stripe-Signature` that count: `t` and every well-formed `v1`. */
export interface StripeSignature {
  /** As written, because it is signed as written. */
  t: string;
  signedAt: Date;
  v1: readonly Buffer[];
}

const TIME = /^[1-9]\d{0,10}$/;
/** Lower case, as Stripe writes it and its own library demands. */
const SHA256_HEX = /^[0-9a-f]{64}$/;
/** Two live secrets make two; nobody needs to compare hundreds. */
const MAX_SIGNATURES = 16;

/**
 * Reads `t=<unix seconds>,v1=<hex>[,v1=<hex>...][,v0=...]`. Other schemes and malformed `v1`s are passed over, as
 * Stripe's library does; unlike it, a repeated or odd `t` is refused, and white space, which joins repeated headers.
 * Null when no time or no signature is left.
 */
export function readStripeSignature(header: string): StripeSignature | null {
  if (/\s/.test(header)) {
    return null;
  }
  const parts = header.split(',').map((part) => {
    const at = part.indexOf('=');
    return { scheme: part.slice(0, Math.max(at, 0)), value: part.slice(at + 1) };
  });
  const [t, ...otherTimes] = parts.filter((part) => part.scheme === 't').map((part) => part.value);
  const v1 = parts.filter((part) => part.scheme === 'v1' && SHA256_HEX.test(part.value)).map((part) => part.value);
  if (t === undefined || otherTimes.length > 0 || !TIME.test(t) || v1.length === 0 || v1.length > MAX_SIGNATURES) {
    return null;
  }
  return { t, signedAt: new Date(Number(t) * 1000), v1: v1.map((hex) => Buffer.from(hex, 'hex')) };
}
