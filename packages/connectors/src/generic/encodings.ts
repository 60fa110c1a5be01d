import { bytesOfBase64 } from '../signature/base64.ts';
import { bytesOfHex } from '../signature/hex.ts';
import type { HmacDefinition } from './definition/signature.ts';

/** A shorter key could be guessed; this also refuses what decodes to nothing. How long a text is judges the credential's schema. */
const MIN_KEY_BYTES = 8;

/** The bytes of a secret as its definition encodes it; null when it is not encoded that way, or decodes to fewer than 8. */
export function keyOf(secret: string, encoding: HmacDefinition['key_encoding']): Buffer | null {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(secret);
    case 'hex':
      return longEnough(bytesOfHex(secret, secret.length / 2));
    case 'base64':
      return longEnough(bytesOfBase64(secret, Buffer.byteLength(secret, 'base64')));
  }
}

/** A signature of this many bytes; null unless it is exactly that, written in a form that the definition allows. */
export function signatureOf(text: string, encoding: HmacDefinition['encoding'], size: number): Buffer | null {
  switch (encoding) {
    case 'hex':
      return bytesOfHex(text, size);
    case 'base64':
      return bytesOfBase64(text, size);
    case 'hex_or_base64':
      return bytesOfHex(text, size) ?? bytesOfBase64(text, size);
  }
}

function longEnough(key: Buffer | null): Buffer | null {
  return key === null || key.length < MIN_KEY_BYTES ? null : key;
}
