import { createHash, createHmac } from 'node:crypto';
import { readForm } from '../payload/form.ts';
import type { BraintreeCredential } from './credentials.ts';

/** The shape of a handshake's question; the same key signs it as signs notifications. */
export const CHALLENGE = /^[a-f0-9]{20,32}$/;

/** What Braintree posts. */
export interface SignedForm {
  /** `publicKey|hexadecimal signature`, one for each key that signed, joined by `&`. */
  signature: string;
  /** Base64 of the XML, as signed. */
  payload: string;
}

export type SignedFormReading =
  | { ok: true; form: SignedForm }
  | { ok: false; reason: 'signature_missing' | 'signature_malformed' };

/** Base64 in lines. A `+` that was not percent-encoded has become a space, and is refused as the library does. */
const PAYLOAD = /^[A-Za-z0-9+/=\n]+$/;

/**
 * Reads the two fields, each exactly once. A payload of a challenge's shape is none: everybody can have such a text
 * signed by asking for a handshake, and no notification is as short.
 */
export function readSignedForm(body: Buffer): SignedFormReading {
  const fields = readForm(body);
  const [signature, ...moreSignatures] = fields?.get('bt_signature') ?? [];
  const [payload, ...morePayloads] = fields?.get('bt_payload') ?? [];
  if (fields !== null && (signature === undefined || signature === '' || payload === undefined || payload === '')) {
    return { ok: false, reason: 'signature_missing' };
  }
  if (signature === undefined || payload === undefined || moreSignatures.length + morePayloads.length > 0) {
    return { ok: false, reason: 'signature_malformed' };
  }
  return PAYLOAD.test(payload) && !CHALLENGE.test(payload.trimEnd())
    ? { ok: true, form: { signature, payload } }
    : { ok: false, reason: 'signature_malformed' };
}

/** HMAC-SHA1 under the SHA-1 of the private key: Braintree's own derivation (`lib/braintree/digest.js` of its library). */
export function signatureOf({ private_key }: BraintreeCredential, text: string): Buffer {
  const key = createHash('sha1').update(private_key).digest();
  return createHmac('sha1', key).update(text).digest();
}
