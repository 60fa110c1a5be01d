import type { RawNotification, Verification } from '../connector.ts';
import { bytesOfBase64 } from '../signature/base64.ts';
import { signatureHeader } from '../signature/header.ts';
import { hmacSha256, SHA256_BYTES, sameBytes } from '../signature/hmac.ts';
import type { SquareCredential, SquareSettings } from './credentials.ts';

/**
 * HMAC-SHA256 in base64 of the notification URL as registered, followed by the raw body
 * (developer.squareup.com/docs/webhooks/step3validate). The URL is the configured one, never made of the `Host` header.
 * `x-square-signature` is the older SHA-1 and vouches for nothing. No time is signed: that an event is raised once only is
 * up to its key.
 */
export function verifySquare(
  notification: RawNotification,
  credentials: readonly SquareCredential[],
  settings: SquareSettings,
): Verification {
  const header = signatureHeader(notification, 'x-square-hmacsha256-signature');
  if (!header.ok) {
    return header;
  }
  const received = bytesOfBase64(header.value, SHA256_BYTES);
  if (received === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const url = settings.notification_url ?? notification.url;
  const genuine = credentials.some(({ signature_key }) =>
    sameBytes(hmacSha256(signature_key, url, notification.body), received),
  );
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}
