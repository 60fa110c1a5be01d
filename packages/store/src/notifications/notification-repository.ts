import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** What was found in one item of a notification, and why nothing was raised if nothing was. */
export interface NotificationItemRecord {
  dedupe_key: string;
  /** The connector's own name of it. */
  connector_type: string;
  /** The event it became (or had already become). */
  event_id: string | null;
  event_type: string | null;
  /** `unmapped`, `stale`, ...; null when an event exists for it. */
  reason: string | null;
}

/** A connector's request as it came, kept 30 days. Only genuine ones are stored; refused ones are counted, not kept. */
export interface NotificationRecord {
  _id: string;
  merchant_id: string;
  connector: string;
  connector_account_id: string;
  received_at: Date;
  /** When the connector says it signed, if it does. */
  signed_at: Date | null;
  headers: Record<string, string[]>;
  query: string;
  body: Buffer;
  verdict: 'accepted' | 'ignored' | 'unreadable' | 'too_old';
  items: NotificationItemRecord[];
}

export interface NotificationFilter {
  merchantId?: string;
  connector?: string;
  verdict?: NotificationRecord['verdict'];
  since?: Date;
  until?: Date;
}

export interface NotificationRepository {
  /** Stores a group, durably. */
  insertMany(records: readonly NotificationRecord[]): Promise<void>;
  get(scope: TenantScope, id: string): Promise<NotificationRecord | null>;
  /** Newest first, without bodies and headers. */
  list(
    scope: TenantScope,
    filter: NotificationFilter,
    page: PageRequest,
  ): Promise<Page<Omit<NotificationRecord, 'body' | 'headers'>>>;
}
