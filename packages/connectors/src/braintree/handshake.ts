import { createHash } from 'node:crypto';
import type { Handshake } from '../handshake.ts';
import type { BraintreeCredential } from './credentials.ts';
import { CHALLENGE, signatureOf } from './signed-form.ts';

const QUERY = 'bt_challenge=';
/** Braintree's ids have no vowels and nothing that looks alike. */
const ID_CHARACTERS = '23456789bcdfghjkmnpqrstvwxyz';

/** `GET ?bt_challenge=...`, sent when a webhook is set up; answered with `publicKey|signature` (guides/webhooks/create). */
export const braintreeHandshake: Handshake<BraintreeCredential> = {
  isChallenge: (query) => query.startsWith(QUERY) && CHALLENGE.test(query.slice(QUERY.length)),
  answer(query, credential) {
    const signature = signatureOf(credential, query.slice(QUERY.length)).toString('hex');
    return { status: 200, contentType: 'text/plain', body: `${credential.public_key}|${signature}` };
  },
  decoyCredential: braintreeDecoy,
};

/** Keys of nobody: a public key of sixteen characters, as Braintree's are, and a private key of thirty-two digits. */
export function braintreeDecoy(seed: Buffer): BraintreeCredential {
  const bytes = createHash('sha512').update('braintree').update(seed).digest();
  const id = [...bytes.subarray(0, 16)].map((byte) => ID_CHARACTERS[byte % ID_CHARACTERS.length]);
  return { public_key: id.join(''), private_key: bytes.subarray(16, 32).toString('hex') };
}
