/** Where a certificate may be fetched, and for whom it must then be issued. */
export interface CertificateAddress {
  url: string;
  /** The name in PayPal's signing certificate; live and sandbox have their own, so that neither can sign for the other's host. */
  subject: string;
}

/**
 * The hosts of PayPal's REST API and the path that its certificates have. Judged as text, to the letter: no parser that
 * normalises case, dots, ports, user information or other alphabets stands between this and what is fetched.
 */
const ADDRESS =
  /^https:\/\/api(?:-m)?(?<sandbox>\.sandbox)?\.paypal\.com\/v1\/notifications\/certs\/CERT-[A-Za-z0-9-]{1,100}$/;

/**
 * Reads `PAYPAL-CERT-URL`. The header is not signed and anybody may write it: a URL that is not PayPal's own is null, since
 * whoever chooses the certificate chooses the key.
 */
export function certificateAddress(url: string): CertificateAddress | null {
  const match = ADDRESS.exec(url);
  if (match === null) {
    return null;
  }
  // The name that PayPal's own SDKs looked for (PayPal-Java-SDK, SSLUtil.validateCertificateChain).
  return { url, subject: `messageverificationcerts${match.groups?.sandbox ?? ''}.paypal.com` };
}
