import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { bytesOfHex } from '../signature/hex.ts';
import { hmacSha256, SHA256_BYTES, sameBytes } from '../signature/hmac.ts';
import type { GoCardlessCredential } from './credentials.ts';

/**
 * HMAC-SHA256 of the raw body in hex of either case, as the vendor's library takes it, keyed with the secret as text
 * (developer.gocardless.com, webhooks). No time is signed: that an event is raised once only is up to its id.
 */
export function verifyGoCardless(
  notification: RawNotification,
  credentials: readonly GoCardlessCredential[],
): Verification {
  const header = signatureHeader(notification, 'webhook-signature');
  if (!header.ok) {
    return header;
  }
  const received = bytesOfHex(header.value, SHA256_BYTES);
  if (received === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = credentials.some(({ webhook_secret }) =>
    sameBytes(hmacSha256(webhook_secret, notification.body), received),
  );
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}
