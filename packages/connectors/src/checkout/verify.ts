import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { bytesOfHex } from '../signature/hex.ts';
import { hmacSha256, SHA256_BYTES, sameBytes, sameText } from '../signature/hmac.ts';
import type { CheckoutCredential } from './credentials.ts';

/**
 * HMAC-SHA256 of the raw body in hexadecimal, keyed with the signature key as text (checkout.com/docs, configure your webhook
 * server, validate the payload). No time is signed: that an event is raised once only is up to its id. The `Authorization`
 * value is signed by nobody, so it only adds to the signature.
 */
export function verifyCheckout(
  notification: RawNotification,
  credentials: readonly CheckoutCredential[],
): Verification {
  const header = signatureHeader(notification, 'cko-signature');
  if (!header.ok) {
    return header;
  }
  const received = bytesOfHex(header.value, SHA256_BYTES);
  if (received === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const signers = credentials.filter(({ signature_key }) =>
    sameBytes(hmacSha256(signature_key, notification.body), received),
  );
  if (signers.length === 0) {
    return { ok: false, reason: 'signature_mismatch' };
  }
  return signers.some((credential) => isAuthorized(notification, credential))
    ? { ok: true, signedAt: null }
    : { ok: false, reason: 'credentials_mismatch' };
}

/** Does the request carry this credential's `Authorization` value? True when it has none. */
function isAuthorized({ headers }: RawNotification, { authorization }: CheckoutCredential): boolean {
  const [value, ...more] = headers.authorization ?? [];
  return authorization === undefined || (value !== undefined && more.length === 0 && sameText(authorization, value));
}
