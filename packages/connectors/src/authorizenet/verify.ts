import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { bytesOfHex } from '../signature/hex.ts';
import { hmacSha512, SHA512_BYTES, sameBytes } from '../signature/hmac.ts';
import type { AuthorizeNetCredential } from './credentials.ts';

const SCHEME = 'sha512=';

/**
 * `sha512=` and the HMAC-SHA512 of the raw body in hexadecimal, in upper case when it comes from Authorize.Net, keyed with the
 * Signature Key as text (developer.authorize.net/api/reference/features/webhooks). No time is signed: that an event is raised
 * once only is up to its id.
 */
export function verifyAuthorizeNet(
  notification: RawNotification,
  credentials: readonly AuthorizeNetCredential[],
): Verification {
  const header = signatureHeader(notification, 'x-anet-signature');
  if (!header.ok) {
    return header;
  }
  const received = header.value.startsWith(SCHEME) ? bytesOfHex(header.value.slice(SCHEME.length), SHA512_BYTES) : null;
  if (received === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = credentials.some(({ signature_key }) =>
    sameBytes(hmacSha512(signature_key, notification.body), received),
  );
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}
