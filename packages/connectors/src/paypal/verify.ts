import { constants, verify } from 'node:crypto';
import type { RawNotification, Verification } from '../connector.ts';
import type { PayPalCredential, PayPalSettings } from './credentials.ts';
import { SigningCertificate, Vouching } from './evidence.ts';
import { fingerprintOf, isTimely, readTransmission, signedText, type Transmission } from './transmission.ts';

/**
 * RSA PKCS#1 v1.5 with SHA-256 over `id|time|webhook id|CRC-32 of the body`, by the certificate that was fetched; or what
 * PayPal's API said of this very notification. A webhook id is no secret, so nothing has to be compared in constant time.
 *
 * The body is signed by its CRC-32, which is no digest: whoever has a genuine notification can write another body of the
 * same CRC under it. That is PayPal's scheme, and its API asks for no more.
 */
export function verifyPayPal(
  notification: RawNotification,
  credentials: readonly PayPalCredential[],
  settings: PayPalSettings,
  now: Date,
): Verification {
  const reading = readTransmission(notification);
  if (!reading.ok) {
    return reading;
  }
  const { transmission } = reading;
  const isGenuine = settings.verification === 'api' ? isVouchedFor : isSigned;
  if (!isGenuine(notification, transmission, credentials, now)) {
    return { ok: false, reason: 'signature_mismatch' };
  }
  return isTimely(transmission, settings.tolerance_s, now)
    ? { ok: true, signedAt: transmission.signedAt }
    : { ok: false, reason: 'timestamp_out_of_tolerance' };
}

function isSigned(
  { body, evidence }: RawNotification,
  transmission: Transmission,
  credentials: readonly PayPalCredential[],
  now: Date,
): boolean {
  if (
    !(evidence instanceof SigningCertificate) ||
    evidence.url !== transmission.certificate.url ||
    !evidence.isValidAt(now)
  ) {
    return false;
  }
  const key = { key: evidence.publicKey, padding: constants.RSA_PKCS1_PADDING };
  const signature = Buffer.from(transmission.signature, 'base64');
  return credentials.some(({ webhook_id }) =>
    verify('sha256', Buffer.from(signedText(transmission, webhook_id, body)), key, signature),
  );
}

function isVouchedFor(
  { body, evidence }: RawNotification,
  transmission: Transmission,
  credentials: readonly PayPalCredential[],
): boolean {
  return (
    evidence instanceof Vouching &&
    evidence.fingerprint === fingerprintOf(transmission, body) &&
    credentials.some(({ webhook_id }) => webhook_id === evidence.webhookId)
  );
}
