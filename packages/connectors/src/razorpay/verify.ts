import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { hmacSha256, sameBytes } from '../signature/hmac.ts';
import type { RazorpayCredential } from './credentials.ts';

/** Lower case, as Razorpay writes it and its own library demands. */
const SHA256_HEX = /^[0-9a-f]{64}$/;

/**
 * HMAC-SHA256 of the raw body in hex, keyed with the secret as text (razorpay.com/docs/webhooks/validate-test). Neither a time
 * nor `x-razorpay-event-id` is signed: that an event is raised once only is up to what the body says.
 */
export function verifyRazorpay(
  notification: RawNotification,
  credentials: readonly RazorpayCredential[],
): Verification {
  const header = signatureHeader(notification, 'x-razorpay-signature');
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
