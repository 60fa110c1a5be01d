import type { RawNotification, RefusalReason, Verification } from '../connector.ts';
import { bytesOfBase64 } from '../signature/base64.ts';
import { hmacSha256, SHA256_BYTES, sameBytes } from '../signature/hmac.ts';
import { hasBasicAuthentication } from './basic-authentication.ts';
import type { AdyenCredential, AdyenSettings } from './credentials.ts';
import { type AdyenItem, readAdyenItems, signedTextOf } from './read-items.ts';

/**
 * Every item carries its own HMAC-SHA256 over eight of its fields (docs.adyen.com, verify HMAC signatures); one bad item
 * refuses them all. User name and password are checked as well where the credential has them: the signature leaves out
 * `reason`, `eventDate` and `additionalData`. No item at all is nothing signed, so it is refused too.
 */
export function verifyAdyen(
  notification: RawNotification,
  credentials: readonly AdyenCredential[],
  settings: AdyenSettings,
): Verification {
  const reading = readAdyenItems(notification.body);
  if (!reading.ok) {
    return { ok: false, reason: 'body_unreadable' };
  }
  const authenticated = credentials.filter(
    (credential) =>
      (credential.basic_username !== undefined || !settings.trust_unsigned_fields) &&
      hasBasicAuthentication(notification, credential),
  );
  if (authenticated.length === 0) {
    return { ok: false, reason: 'credentials_mismatch' };
  }
  const keys = authenticated.map(({ hmac_key }) => Buffer.from(hmac_key, 'hex'));
  if (reading.items.length === 0) {
    return { ok: false, reason: 'signature_missing' };
  }
  // Stops at the first bad item: a caller without a key can make us compute one signature per key, not thousands.
  for (const item of reading.items) {
    const reason = faultOf(item, keys);
    if (reason !== null) {
      return { ok: false, reason };
    }
  }
  return { ok: true, signedAt: null };
}

function faultOf({ signed, unsigned }: AdyenItem, keys: readonly Buffer[]): RefusalReason | null {
  const signature = unsigned.additionalData.hmacSignature;
  if (signature === undefined || signature === '') {
    return 'signature_missing';
  }
  const received = typeof signature === 'string' ? bytesOfBase64(signature, SHA256_BYTES) : null;
  if (received === null || signed === null) {
    return 'signature_malformed';
  }
  const text = signedTextOf(signed);
  return keys.some((key) => sameBytes(hmacSha256(key, text), received)) ? null : 'signature_mismatch';
}
