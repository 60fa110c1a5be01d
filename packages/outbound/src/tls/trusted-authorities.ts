import { getCACertificates } from 'node:tls';

/** The certificate authorities that this process trusts, PEM: Node's own, and those of `NODE_EXTRA_CA_CERTS`. */
export function trustedAuthorities(): readonly string[] {
  return getCACertificates();
}
