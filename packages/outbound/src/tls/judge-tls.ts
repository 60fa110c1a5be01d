import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readCertificates } from './certificates.ts';
import { secureContextOf } from './tls-identity.ts';
import type { TlsSettings } from './tls-settings.ts';

/** Why TLS settings are refused: stable codes for the `errors[].code` of a 422. */
export type TlsRefusal =
  | 'required'
  | 'invalid_certificate'
  | 'certificate_expired'
  | 'invalid_key'
  | 'key_mismatch'
  | 'not_usable';

/** One thing that is wrong; `field` is null when it is the whole. The message never repeats what was given. */
export interface TlsFault {
  field: keyof TlsSettings | null;
  code: TlsRefusal;
  message: string;
}

/** Judges TLS settings when they are registered; empty when a connection can be made with them at this moment. */
export function judgeTls(settings: TlsSettings, now: Date): TlsFault[] {
  const { ca, client_certificate, client_key } = settings;
  if (ca === null && client_certificate === null && client_key === null) {
    return [fault(null, 'required', 'Holds "ca", or "client_certificate" and "client_key", or all three.')];
  }
  const faults = [
    ...(ca === null ? [] : certificateFaults('ca', ca, now)),
    ...(client_certificate === null && client_key === null ? [] : clientFaults(client_certificate, client_key, now)),
  ];
  return faults.length > 0 || isUsable(settings)
    ? faults
    : [
        fault(
          client_certificate === null ? 'ca' : 'client_certificate',
          'not_usable',
          'Is too weak, or of a kind that cannot be used.',
        ),
      ];
}

function clientFaults(certificate: string | null, key: string | null, now: Date): TlsFault[] {
  if (certificate === null) return [fault('client_certificate', 'required', 'Belongs to "client_key".')];
  const wrong = certificateFaults('client_certificate', certificate, now);
  if (key === null) return [...wrong, fault('client_key', 'required', 'Belongs to "client_certificate".')];
  const privateKey = readKey(key);
  if (privateKey === null) {
    return [...wrong, fault('client_key', 'invalid_key', 'Must be a private key in PEM, without a passphrase.')];
  }
  const [leaf] = readCertificates(certificate) ?? [];
  return leaf === undefined || matches(leaf, privateKey)
    ? wrong
    : [
        ...wrong,
        fault('client_key', 'key_mismatch', 'Is not the key of the first certificate in "client_certificate".'),
      ];
}

function certificateFaults(field: 'ca' | 'client_certificate', pem: string, now: Date): TlsFault[] {
  const certificates = readCertificates(pem);
  if (certificates === null) {
    return [fault(field, 'invalid_certificate', 'Must be 1 to 10 certificates in PEM, and nothing else.')];
  }
  return certificates.some((certificate) => certificate.validToDate.getTime() <= now.getTime())
    ? [fault(field, 'certificate_expired', 'Holds a certificate that has expired.')]
    : [];
}

function readKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    return null;
  }
}

function matches(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false;
  }
}

/** OpenSSL has the last word: it refuses short keys and weak digests. */
function isUsable(settings: TlsSettings): boolean {
  try {
    secureContextOf(settings);
    return true;
  } catch {
    return false;
  }
}

function fault(field: TlsFault['field'], code: TlsRefusal, message: string): TlsFault {
  return { field, code, message };
}
