import { X509Certificate } from 'node:crypto';

/** The signing certificate, up to two intermediates, a cross-signed one and the root; more are no chain. */
const MAX_CERTIFICATES = 5;
const MAX_CHARACTERS = 65_536;
const MIN_RSA_BITS = 2048;

const BLOCKS = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** What a certificate has to be. */
export interface Expectation {
  /** The host name that it is issued for, to the letter. */
  subject: string;
  /** PEM, one each. An intermediate among them is trusted as it is. */
  authorities: readonly string[];
  now: Date;
}

export type ChainVerdict =
  /** `validTo` is the first end of a validity along the chain. */
  | { kind: 'trusted'; certificate: X509Certificate; validTo: Date }
  | { kind: 'untrusted' }
  /** No certificate at all, as when a page about maintenance is served in its place. */
  | { kind: 'no_certificate' };

/**
 * Judges a chain in PEM, the signing certificate first: issued for the subject, an RSA key of 2,048 bits at least, not an
 * authority itself; each signed by the next, which is an authority, up to one of ours; each valid now (RFC 5280, 6.1).
 * Revocation, name constraints and lengths of paths are not looked at.
 */
export function judgeChain(pem: string, { subject, authorities, now }: Expectation): ChainVerdict {
  const blocks = pem.length > MAX_CHARACTERS ? [] : (pem.match(BLOCKS) ?? []);
  if (blocks.length === 0) {
    return { kind: 'no_certificate' };
  }
  const [certificate, ...others] = blocks.slice(0, MAX_CERTIFICATES + 1).map(readCertificate);
  if (certificate === undefined || certificate === null || others.length >= MAX_CERTIFICATES) {
    return { kind: 'untrusted' };
  }
  const isFit = isSigningCertificate(certificate, subject) && isCurrent(certificate, now);
  const isReadable = (one: X509Certificate | null) => one !== null;
  const anchors = authorities.map(readCertificate).filter(isReadable);
  const path = isFit ? pathOf(certificate, others.filter(isReadable), anchors, now) : null;
  return path === null
    ? { kind: 'untrusted' }
    : { kind: 'trusted', certificate, validTo: new Date(Math.min(...path.map((one) => one.validToDate.getTime()))) };
}

/** Null for what is no certificate, or has a key that this process does not know. */
function readCertificate(pem: string): X509Certificate | null {
  try {
    const certificate = new X509Certificate(pem);
    return certificate.publicKey.asymmetricKeyType === undefined ? null : certificate;
  } catch {
    return null;
  }
}

function isSigningCertificate(certificate: X509Certificate, subject: string): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const isLongRsa = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  return isLongRsa && !certificate.ca && certificate.checkHost(subject, { wildcards: false }) !== undefined;
}

/** From a certificate to one of the anchors, over the others; null when no way leads there. */
function pathOf(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  now: Date,
): X509Certificate[] | null {
  const anchor = anchors.find((one) => isIssuedBy(certificate, one, now));
  if (anchor !== undefined) {
    return [certificate, anchor];
  }
  for (const issuer of others) {
    if (isIssuedBy(certificate, issuer, now)) {
      const rest = others.filter((other) => other !== issuer);
      const path = pathOf(issuer, rest, anchors, now);
      if (path !== null) {
        return [certificate, ...path];
      }
    }
  }
  return null;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate, now: Date): boolean {
  return issuer.ca && isCurrent(issuer, now) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isCurrent({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate;
}
