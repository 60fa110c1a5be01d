import type { RawNotification } from '../connector.ts';
import type { EvidenceSources, Gathering } from '../evidence.ts';
import { askPayPal } from './ask-paypal.ts';
import type { PayPalCredential, PayPalSettings } from './credentials.ts';
import { gatherCertificate } from './fetch-certificate.ts';
import { isTimely, readTransmission } from './transmission.ts';

/** A certificate or a verdict of PayPal's. Nobody is asked about what `verify` refuses without either. */
export async function gatherPayPalEvidence(
  notification: RawNotification,
  credentials: readonly PayPalCredential[],
  settings: PayPalSettings,
  sources: EvidenceSources,
): Promise<Gathering> {
  const reading = readTransmission(notification);
  if (!reading.ok || !isTimely(reading.transmission, settings.tolerance_s, sources.now)) {
    return { kind: 'gathered', evidence: null };
  }
  return settings.verification === 'api'
    ? askPayPal(reading.transmission, notification.body, { credentials, settings, sources })
    : gatherCertificate(reading.transmission.certificate, sources);
}

/** By the headers alone: whatever has the shape of a notification may be one of some account. */
export function mayNeedPayPalEvidence(notification: RawNotification): boolean {
  return readTransmission(notification).ok;
}
