import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { bytesOfHex } from '../signature/hex.ts';
import { anySame, hmacSha256 } from '../signature/hmac.ts';
import type { WorldpayCredential, WorldpaySettings } from './credentials.ts';
import { readWorldpaySignatures, type WorldpaySignature } from './signature-header.ts';

/**
 * HMAC-SHA256 of the raw body under the secret that the key id names (developer.worldpay.com, events, signature). Worldpay does
 * not say how the secret is encoded, so a setting does. No time is signed: that an event is raised once only is up to its id.
 */
export function verifyWorldpay(
  notification: RawNotification,
  credentials: readonly WorldpayCredential[],
  settings: WorldpaySettings,
): Verification {
  const header = signatureHeader(notification, 'event-signature');
  if (!header.ok) {
    return header;
  }
  const signatures = readWorldpaySignatures(header.value);
  if (signatures === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = credentials.some((credential) => {
    const key = keyOf(credential, settings);
    return key !== null && anySame(hmacSha256(key, notification.body), signaturesFor(credential, signatures));
  });
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}

/** Null for a secret that is not hexadecimal where it should be: what Node makes of it may be an empty key, which all know. */
function keyOf({ signing_secret }: WorldpayCredential, settings: WorldpaySettings): string | Buffer | null {
  return settings.secret_encoding === 'hex' ? bytesOfHex(signing_secret) : signing_secret;
}

function signaturesFor({ key_id }: WorldpayCredential, signatures: readonly WorldpaySignature[]): Buffer[] {
  return signatures.filter(({ keyId }) => key_id === undefined || keyId === key_id).map(({ signature }) => signature);
}
