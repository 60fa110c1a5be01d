import type { RawNotification, Verification } from '../connector.ts';
import { anySame } from '../signature/hmac.ts';
import type { BraintreeCredential } from './credentials.ts';
import { readSignedForm, signatureOf } from './signed-form.ts';

/** Lower case, as Braintree writes it and its own library demands. */
const PAIR = /^([^|&]{1,64})\|([0-9a-f]{40})$/;
/** Two keys make two while they rotate; nobody needs to compare hundreds. */
const MAX_PAIRS = 16;

interface Pair {
  publicKey: string;
  signature: Buffer;
}

/**
 * `bt_signature` over the text of `bt_payload` (developer.paypal.com/braintree/docs/guides/webhooks/parse). The payload
 * ends with a newline that forms may lose on the way, so it is also tried with one. No time is signed: that an event is
 * raised once only is up to its digest.
 */
export function verifyBraintree(
  notification: RawNotification,
  credentials: readonly BraintreeCredential[],
): Verification {
  const reading = readSignedForm(notification.body);
  if (!reading.ok) {
    return reading;
  }
  const { signature, payload } = reading.form;
  const pairs = readPairs(signature);
  if (pairs === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = credentials.some((credential) => {
    const received = pairs.filter(({ publicKey }) => publicKey === credential.public_key).map((pair) => pair.signature);
    return [payload, `${payload}\n`].some((text) => anySame(signatureOf(credential, text), received));
  });
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}

/** Null when there is no well-formed pair, or far too many; malformed ones beside it are passed over, as the library does. */
function readPairs(signature: string): Pair[] | null {
  const texts = signature.split('&', MAX_PAIRS + 1);
  const pairs = texts
    .map((text) => PAIR.exec(text))
    .flatMap((match) =>
      match === null ? [] : [{ publicKey: match[1] ?? '', signature: Buffer.from(match[2] ?? '', 'hex') }],
    );
  return pairs.length === 0 || texts.length > MAX_PAIRS ? null : pairs;
}
