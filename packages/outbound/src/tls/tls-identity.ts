import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsSettings } from './tls-settings.ts';

/** TLS settings made ready for connecting. Connections that are made with one identity are never used for another. */
export interface TlsIdentity {
  /** Different for every owner and for all different settings. */
  readonly poolKey: string;
  readonly secureContext: SecureContext;
}

/**
 * Makes the identity of whoever `ownerId` names (a subscription). Costs about a millisecond, so it is made once and kept.
 * Throws what OpenSSL says of certificates or keys that cannot be used; `judgeTls` finds that out before they are stored.
 */
export function createTlsIdentity(ownerId: string, settings: TlsSettings): TlsIdentity {
  const digest = createHash('sha256').update(
    JSON.stringify([settings.ca, settings.client_certificate, settings.client_key]),
  );
  return { poolKey: `${ownerId} ${digest.digest('base64url')}`, secureContext: secureContextOf(settings) };
}

/** Verified always, TLS 1.2 and up, like every other connection. Throws what OpenSSL says. */
export function secureContextOf({ ca, client_certificate, client_key }: TlsSettings): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca !== null && { ca }),
    ...(client_certificate !== null && client_key !== null && { cert: client_certificate, key: client_key }),
  });
}
