import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/**
 * What became of a notification. `received_unresolved`: it only names a thing, which is being fetched from the connector's
 * API; `unresolved`: that was given up, and a person may ask for another reading.
 */
export type NotificationVerdict =
  | 'accepted'
  | 'ignored'
  | 'unreadable'
  | 'too_old'
  | 'received_unresolved'
  | 'unresolved';

/** What was found in one item of a notification, and why nothing was raised if nothing was. */
export interface NotificationItemRecord {
  dedupe_key: string;
  /** The connector's own name of it. */
  connector_type: string;
  /** The event it became (or had already become). */
  event_id: string | null;
  event_type: string | null;
  /** `unmapped`, `stale`, `test_mode`, ...; null when an event exists for it. */
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
  verdict: NotificationVerdict;
  items: NotificationItemRecord[];
  /** Which reading this is: 0 as it came, one more each time a person asks. Absent where it was read at once, and once. */
  round?: number;
  /** Looks at the connector's API in this round that brought nothing. */
  attempts_made?: number;
  /** When it is to be read (again), by the database's clock; absent when there is nothing to do. */
  due_at?: Date;
  /** Why it is unreadable, or why the last look brought nothing; null once one brought something. */
  detail?: string | null;
}

/** A notification as it is kept: its body may have been taken away before the rest. */
export type KeptNotification = Omit<NotificationRecord, 'body'> & { body: Buffer | null };

/** A notification in a list. */
export type NotificationSummary = Omit<NotificationRecord, 'body' | 'headers'>;

/** A notification whose time to be read has passed. */
export type DueNotification = Required<Pick<NotificationRecord, '_id' | 'connector_account_id' | 'round' | 'due_at'>>;

/** What a reading made of a notification. Without `due_at` the round has ended. */
export type NotificationReading = Pick<NotificationRecord, 'verdict' | 'items' | 'due_at'> &
  Required<Pick<NotificationRecord, 'attempts_made' | 'detail'>>;

export interface NotificationFilter {
  merchantId?: string;
  connector?: string;
  verdict?: NotificationVerdict;
  since?: Date;
  until?: Date;
}

export interface NotificationRepository {
  /** Stores a group, durably. */
  insertMany(records: readonly NotificationRecord[]): Promise<void>;
  get(scope: TenantScope, id: string): Promise<KeptNotification | null>;
  /** Newest first, without bodies and headers. */
  list(scope: TenantScope, filter: NotificationFilter, page: PageRequest): Promise<Page<NotificationSummary>>;
  /** Begins another round, due now, durably. `body_gone`: there is nothing left to read. */
  requestReading(scope: TenantScope, id: string, now: Date): Promise<NotificationSummary | 'not_found' | 'body_gone'>;
  /** Writes down, durably, what a reading of this round made of it; false when the round has ended or another has begun. */
  settleReading(id: string, round: number, reading: NotificationReading): Promise<boolean>;
  /**
   * Those whose `due_at` lies before `olderThan`, oldest first, beginning behind `after` (the last one of the page before).
   * For the sweeper.
   */
  findDue(query: { olderThan: Date; after: DueNotification | null; limit: number }): Promise<DueNotification[]>;
}
