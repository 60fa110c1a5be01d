import { z } from 'zod';

/** A chain of a few certificates has some thousand characters. */
const MAX_CERTIFICATES_LENGTH = 32_768;
const MAX_KEY_LENGTH = 16_384;

const pem = (maxLength: number) => z.string().min(1).max(maxLength).nullable().default(null);

/**
 * How https connections to one subscription are made, beside what always holds (verified, TLS 1.2 and up); null: as to
 * everybody. Whether the texts are certificates and a key is judged by the package that connects.
 */
export const tlsSchema = z
  .strictObject({
    ca: pem(MAX_CERTIFICATES_LENGTH).describe(
      'PEM: certificates that the host must be signed by, instead of the public authorities',
    ),
    client_certificate: pem(MAX_CERTIFICATES_LENGTH).describe(
      'PEM: the certificate that the gateway shows, then what leads to its authority',
    ),
    client_key: pem(MAX_KEY_LENGTH).describe('PEM, without a passphrase; write-only'),
  })
  .nullable();
