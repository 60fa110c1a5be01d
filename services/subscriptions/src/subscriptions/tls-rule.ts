import { type CertificateSummary, describeCertificates, judgeTls } from '@owngateway/outbound';
import type { FieldFault } from '@owngateway/service-kit';
import type { TlsRecord } from '@owngateway/store';
import { z } from 'zod';

/** Nobody may believe that a client certificate is shown where there is no TLS. */
export function faultsOfScheme(tls: TlsRecord | null, url: string): FieldFault[] {
  if (tls === null || /^https:/i.test(url)) return [];
  return [{ field: 'tls', code: 'needs_https', message: 'Goes with a URL that begins with https.' }];
}

/** What is wrong with a `tls` that is given; empty when nothing is. */
export function faultsOfTls(tls: TlsRecord | null | undefined, now: Date): FieldFault[] {
  if (tls === null || tls === undefined) return [];
  return judgeTls(tls, now).map(({ field, code, message }) => ({
    field: field === null ? 'tls' : `tls.${field}`,
    code,
    message,
  }));
}

const certificateBody = z.object({
  subject: z.string(),
  fingerprint_sha256: z.string(),
  expires_at: z.iso.datetime(),
});

/** The `tls` of a subscription as the API shows it: what certificates there are, never the key. */
export const tlsBody = z
  .object({
    ca: z.array(certificateBody).describe('The authorities that the host must be signed by; empty: the public ones'),
    client_certificate: certificateBody.nullable(),
  })
  .nullable();

export function presentTls(tls: TlsRecord | null): z.output<typeof tlsBody> {
  if (tls === null) return null;
  const own: CertificateSummary[] = describeCertificates(tls.client_certificate ?? '');
  return { ca: describeCertificates(tls.ca ?? ''), client_certificate: own[0] ?? null };
}
