import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** Who changed what; insert-only (003.8). Never holds a secret. */
export interface AuditRecord {
  _id: string;
  at: Date;
  /** Token subject and owner of who did it; level `gateway` where it was no person. */
  actor: { subject: string; level: string; id: string; jti: string };
  /** Such as `subscription.create`. */
  action: string;
  /** The owner whose data was changed: `merchant:m_42`, or `operator`. */
  owner_key: string;
  resource_id: string;
  /** Names of changed fields, not their values. */
  fields: string[];
  request_id: string;
  ip: string | null;
}

export interface AuditRepository {
  /** Appending the same id again changes nothing. */
  append(record: AuditRecord): Promise<void>;
  list(scope: TenantScope, filter: { resourceId?: string }, page: PageRequest): Promise<Page<AuditRecord>>;
}
