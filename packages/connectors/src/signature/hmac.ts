import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 over the parts one after the other; bytes are never decoded to text on the way. */
export function hmacSha256(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    hmac.update(part);
  }
  return hmac.digest();
}

/** Compares in a time that does not depend on where the bytes differ. */
export function sameBytes(expected: Buffer, received: Buffer): boolean {
  return expected.length === received.length && timingSafeEqual(expected, received);
}

/** Is one of the received signatures the expected one? Looks at all of them, whichever it is. */
export function anySame(expected: Buffer, received: readonly Buffer[]): boolean {
  return received.reduce((found, one) => sameBytes(expected, one) || found, false);
}
