import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How many bytes an HMAC-SHA256 has. */
export const SHA256_BYTES = 32;
/** How many bytes an HMAC-SHA512 has. */
export const SHA512_BYTES = 64;

/** HMAC-SHA256 over the parts one after the other; bytes are never decoded to text on the way. */
export function hmacSha256(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    hmac.update(part);
  }
  return hmac.digest();
}

/** HMAC-SHA512 over a body. */
export function hmacSha512(key: string, body: Buffer): Buffer {
  return createHmac('sha512', key).update(body).digest();
}

/** Compares in a time that does not depend on where the bytes differ. */
export function sameBytes(expected: Buffer, received: Buffer): boolean {
  return expected.length === received.length && timingSafeEqual(expected, received);
}

/** Compares secret texts: their digests have one length, so that the time tells nothing of the secret's either. */
export function sameText(expected: string | Buffer, received: string | Buffer): boolean {
  return timingSafeEqual(digestOf(expected), digestOf(received));
}

/** Is one of the received signatures the expected one? Looks at all of them, whichever it is. */
export function anySame(expected: Buffer, received: readonly Buffer[]): boolean {
  return received.reduce((found, one) => sameBytes(expected, one) || found, false);
}

function digestOf(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}
