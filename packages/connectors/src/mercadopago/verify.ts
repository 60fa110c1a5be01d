import type { RawNotification, Verification } from '../connector.ts';
import { hmacSha256, sameBytes } from '../signature/hmac.ts';
import type { MercadoPagoCredential } from './credentials.ts';
import { readManifest } from './signed-manifest.ts';

/**
 * HMAC-SHA256 in `x-signature` of a manifest that names the thing, the request and the time, keyed with the secret as text.
 * The body is not signed, so nothing is taken from it but the topic. When a repeat is signed is not documented: how old the
 * time may be is left to how long events are remembered.
 */
export function verifyMercadoPago(
  notification: RawNotification,
  credentials: readonly MercadoPagoCredential[],
): Verification {
  const reading = readManifest(notification);
  if (!reading.ok) {
    return reading;
  }
  const { texts, signature, signedAt } = reading.manifest;
  const genuine = credentials.some(({ webhook_secret }) =>
    texts.some((text) => sameBytes(hmacSha256(webhook_secret, text), signature)),
  );
  return genuine ? { ok: true, signedAt } : { ok: false, reason: 'signature_mismatch' };
}
