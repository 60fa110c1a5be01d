import type { EventStyle, Owner, OwnerKey, RetryPolicy, SubscriptionStatus, SuccessRule } from '@owngateway/domain';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A secret and the time in which it signs; `expires_at` null: until it is rotated. Clear text in memory, sealed in MongoDB. */
export interface SigningSecret {
  value: string;
  created_at: Date;
  expires_at: Date | null;
}

/** The clear-text secret part of `authentication`, sealed in MongoDB. */
export type AuthenticationRecord =
  | { type: 'none' }
  | { type: 'basic'; username: string; password: string }
  | { type: 'bearer'; token: string }
  | { type: 'header'; name: string; value: string };

/** Own authorities and client certificate of a subscription, PEM. Clear text in memory, sealed in MongoDB. */
export interface TlsRecord {
  ca: string | null;
  client_certificate: string | null;
  client_key: string | null;
}

/** Why the gateway disabled a subscription: the endpoint answered 410, or failed for too long. */
export type DisabledFor = 'gone' | 'failing';

/** What the event `endpoint_disabled` will say. Written with the disabling, so that a crash after it loses nothing. */
export interface Announcement {
  event_id: string;
  at: Date;
  disabled_for: DisabledFor;
  failing_since: Date | null;
}

/** A subscription whose disabling is still to be told. */
export type AnnouncementDue = Pick<SubscriptionRecord, '_id' | 'owner' | 'owner_key'> & { announcement: Announcement };

/** A subscription as the code sees it: secrets in clear text (the repository seals and opens them). */
export interface SubscriptionRecord {
  _id: string;
  owner: Owner;
  owner_key: OwnerKey;
  url: string;
  description: string | null;
  /** As asked: types, aliases and patterns such as `dispute_*` or `*`. */
  event_types: string[];
  status: SubscriptionStatus;
  status_reason: string | null;
  authentication: AuthenticationRecord;
  headers: Record<string, string>;
  tls: TlsRecord | null;
  signing: { scheme: 'hmac-sha256'; secrets: SigningSecret[] };
  event_style: EventStyle;
  success: SuccessRule;
  retry_policy: RetryPolicy;
  max_in_flight: number;
  rate_limit_per_s: number | null;
  timeout_ms: number;
  auto_disable: { after_failing_for_s: number } | null;
  /** When an attempt failed first, while none has succeeded since; null while all is well. For the URL that it has now. */
  failing_since: Date | null;
  /** When somebody enabled it last: what was known of its endpoint before no longer counts. Null when it was never disabled. */
  enabled_at: Date | null;
  /** The gateway has disabled it, and the event that tells its owner so is not stored yet (sparse index). */
  announcement?: Announcement;
  created_at: Date;
  updated_at: Date;
  /** Database time of the last change of any kind, for caches (rule 3). */
  changed_at: Date;
  /** Raised by every change; updates compare and set it. */
  version: number;
  /** A deleted subscription stays as a tombstone, so that caches learn of it. */
  deleted_at: Date | null;
  /**
   * Fields of which no key of the ring opens what is stored; they read as if nothing were set, so nothing may be sent by this
   * record. Setting them anew mends it. Left out when everything was opened.
   */
  unreadable?: readonly string[];
}

export type SubscriptionPatch = Partial<
  Pick<
    SubscriptionRecord,
    | 'url'
    | 'description'
    | 'event_types'
    | 'status'
    | 'status_reason'
    | 'authentication'
    | 'headers'
    | 'tls'
    | 'signing'
    | 'event_style'
    | 'success'
    | 'retry_policy'
    | 'max_in_flight'
    | 'rate_limit_per_s'
    | 'timeout_ms'
    | 'auto_disable'
    | 'failing_since'
    | 'enabled_at'
  >
>;

export type NewSubscription = Omit<
  SubscriptionRecord,
  'changed_at' | 'version' | 'deleted_at' | 'unreadable' | 'failing_since' | 'enabled_at' | 'announcement'
>;

export interface SubscriptionFilter {
  owner?: Owner;
  status?: SubscriptionStatus;
}

export interface SubscriptionRepository {
  create(record: NewSubscription): Promise<SubscriptionRecord>;
  /** Null when missing, deleted, or not the tenant's. */
  get(scope: TenantScope, id: string): Promise<SubscriptionRecord | null>;
  list(scope: TenantScope, filter: SubscriptionFilter, page: PageRequest): Promise<Page<SubscriptionRecord>>;
  /** `conflict` when the record changed since `version` was read. */
  update(
    scope: TenantScope,
    id: string,
    version: number,
    patch: SubscriptionPatch,
  ): Promise<SubscriptionRecord | 'not_found' | 'conflict'>;
  /** Leaves a tombstone. False when missing or not the tenant's. */
  delete(scope: TenantScope, id: string): Promise<boolean>;
  /**
   * For the dispatcher (410, auto-disable): true when this call disabled it. With `provided`, only one that still fails since
   * then and is to be disabled after so long: a success or a change in between is respected. With `endpoint`, only one that is
   * still at this URL, and that nobody has enabled since: an answer from before says nothing of what is there now.
   */
  disable(
    id: string,
    disabling: {
      reason: string;
      announcement: Announcement;
      provided?: { failingSince: Date; afterFailingForS: number };
      endpoint?: { url: string; enabledAt: Date | null };
    },
  ): Promise<boolean>;
  /** Notes the first failure after a success. False when it fails already, is disabled, or is gone. */
  noteFailing(id: string, since: Date): Promise<boolean>;
  /** Notes the first success after failures. False when it was not failing. */
  noteWell(id: string): Promise<boolean>;
  /** Disabled subscriptions whose event is not stored yet, oldest first. */
  findAnnouncementsDue(limit: number): Promise<AnnouncementDue[]>;
  /** The event of this announcement is stored. Idempotent. */
  noteAnnounced(id: string, eventId: string): Promise<void>;
  /** Those of the given subscriptions that are stored, tombstones included. */
  findByIds(ids: readonly string[]): Promise<SubscriptionRecord[]>;
  /**
   * Every subscription, tombstones included, that changed at or after `since` (database time); all with `null`, tombstones
   * excluded. Those of which `isKnown` says that the caller has this version are left out, tombstones never.
   */
  changedSince(since: Date | null, isKnown?: (id: string, version: number) => boolean): Promise<SubscriptionRecord[]>;
}
