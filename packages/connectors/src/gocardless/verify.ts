import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { hmacSha256, sameBytes } from '../signature/hmac.ts';
import type { GoCardlessCredential } from './credentials.ts';

/** Either case: the vendor's library compares the decoded bytes too. */
const SHA256_HEX = /^[0-9a-fA-F]{64}$/;

/**
 * HMAC-SHA256 of the raw body in hex, keyed with the secret as text (developer.gocardless.com, webhooks). No time is
 * signed: that an event is raised once only is up to its id.
 */
export function verifyGoCardless(
  notification: RawNotification,
  credentials: readonly GoCardlessCredential[],
): Verification {
  const header = signatureHeader(notification, 'webhook-signature');
  if (!header.ok) {
    return header;
  }
  if (!SHA256_HEX.test(header.value)) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const received = Buffer.from(header.value, 'hex');
  const genuine = credentials.some(({ webhook_secret }) =>
    sameBytes(hmacSha256(webhook_secret, notification.body), received),
  );
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}
