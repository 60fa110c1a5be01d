import { X509Certificate } from 'node:crypto';

/** Longer chains than this are no chains. */
const MAX_CERTIFICATES = 10;

const BLOCKS = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** What a person needs to recognise a certificate by. */
export interface CertificateSummary {
  /** Such as `CN=gateway.shop.example, O=Shop`. */
  subject: string;
  /** SHA-256 of the certificate as openssl writes it: `AB:CD:...`. */
  fingerprint_sha256: string;
  /** RFC 3339, UTC. */
  expires_at: string;
}

/** The certificates of a PEM text, in its order; null unless it holds 1 to 10 certificates and nothing else. */
export function readCertificates(pem: string): X509Certificate[] | null {
  const blocks = pem.match(BLOCKS) ?? [];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES || pem.replace(BLOCKS, '').trim() !== '') return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** Summaries of the certificates of a PEM text that was valid when it was stored. */
export function describeCertificates(pem: string): CertificateSummary[] {
  return (readCertificates(pem) ?? []).map((certificate) => ({
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint_sha256: certificate.fingerprint256,
    expires_at: certificate.validToDate.toISOString(),
  }));
}
