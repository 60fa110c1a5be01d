import type { AuditRecord } from '@owngateway/store';
import { z } from 'zod';

/** Who changed what, as the API shows it. Names of fields, never their values. */
export const auditBody = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.object({ subject: z.string(), level: z.string(), id: z.string() }),
  action: z.string(),
  owner: z.string(),
  resource_id: z.string(),
  fields: z.array(z.string()),
  request_id: z.string(),
  ip: z.string().nullable(),
});

/** The token's `jti` stays inside: whoever reads the trail must not be able to revoke an operator's token. */
export function presentAuditRecord(record: AuditRecord): z.output<typeof auditBody> {
  const { subject, level, id } = record.actor;
  return {
    id: record._id,
    at: record.at.toISOString(),
    actor: { subject, level, id },
    action: record.action,
    owner: record.owner_key,
    resource_id: record.resource_id,
    fields: record.fields,
    request_id: record.request_id,
    ip: record.ip,
  };
}
