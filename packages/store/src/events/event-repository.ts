import type { EventType, ObjectType, Origin, OwnerKey } from '@owngateway/domain';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A stored event. `references` holds every reference of its object, for the `object_reference` filter. */
export interface EventRecord {
  _id: string;
  /** Null only for events about a portfolio's or reseller's own subscription. */
  merchant_id: string | null;
  /** Whose event it is where `merchant_id` is null, and only there. */
  owner_key?: OwnerKey;
  /** Connector account, vendor's event id (or digest), index of the item; never the type (rule 1). */
  dedupe_key: string;
  type: EventType;
  origin: Origin;
  object_type: ObjectType;
  connector: string | null;
  connector_account_id: string | null;
  notification_id: string | null;
  references: string[];
  occurred_at: Date;
  created_at: Date;
  /** The exact bytes to sign and send; null once retention took them. */
  body: string | null;
  /** Present until the event was fanned out (sparse index); the sweeper looks for old ones (rule 5). */
  awaiting_fan_out_since?: Date;
  /** The same for an event that exceeded its merchant's share and goes through the overflow lane (rule 10): it has this field instead. */
  awaiting_overflow_since?: Date;
  /** Present when retention had to leave the body because a delivery had not ended long enough ago (sparse index). */
  body_kept_since?: Date;
}

/** What a delivery needs of its event. */
export type EventForDelivery = Pick<
  EventRecord,
  | '_id'
  | 'merchant_id'
  | 'owner_key'
  | 'type'
  | 'body'
  | 'references'
  | 'created_at'
  | 'awaiting_fan_out_since'
  | 'awaiting_overflow_since'
>;

/** Which queue fans an event out: its own merchants' share, or what exceeds it (rule 10). */
export type EventLane = 'events' | 'overflow';

/** What the sweeper must know of an event that awaits fan-out. */
export type AwaitingEvent = Pick<EventRecord, '_id' | 'merchant_id'>;

export interface EventFilter {
  merchantId?: string;
  type?: EventType;
  connector?: string;
  objectReference?: string;
  /** Made at or after this moment, by the time in the id. */
  since?: Date;
  /** Made before this moment, by the time in the id. */
  until?: Date;
}

export interface EventRepository {
  /** Stores a group, durably (majority, journaled). An event whose `(merchant_id, dedupe_key)` exists is a duplicate, not an error. */
  insertMany(records: readonly EventRecord[]): Promise<InsertOutcome[]>;
  /** Loads by id for delivery; unknown ids are left out. Any order. */
  loadForDelivery(ids: readonly string[]): Promise<EventForDelivery[]>;
  /** Those of the given events that still have their bytes; the bytes are not read. */
  findSendable(ids: readonly string[]): Promise<Set<string>>;
  /** Takes the events off the list of those awaiting fan-out. Idempotent; a lost call is mended by the sweeper. */
  markFannedOut(ids: readonly string[]): Promise<void>;
  /** Events of a lane still awaiting fan-out since before `olderThan`, oldest first. */
  findAwaitingFanOut(query: { lane: EventLane; olderThan: Date; limit: number }): Promise<AwaitingEvent[]>;
  /** Moves events that await fan-out to the overflow lane; their time stays. Idempotent, and leaves alone what is fanned out. */
  moveToOverflow(ids: readonly string[]): Promise<void>;
  /** Null when missing or not the tenant's. */
  get(scope: TenantScope, id: string): Promise<EventRecord | null>;
  /** Newest first. Bodies are included. */
  list(scope: TenantScope, filter: EventFilter, page: PageRequest): Promise<Page<EventRecord>>;
  /**
   * One bounded step of retention (rule 2): takes the bodies of up to `limit` events made before `bodiesBefore` whose deliveries all
   * ended before it too, and deletes up to `limit` events made before `skeletonsBefore`. Call until `examined` and `skeletons` are 0; safe to repeat and to
   * run in several processes. `examined` counts the events looked at, some of which may have had to keep their body.
   */
  expire(limits: { bodiesBefore: Date; skeletonsBefore: Date; limit: number }): Promise<EventsExpired>;
}

export interface EventsExpired {
  bodies: number;
  skeletons: number;
  examined: number;
}

/** What became of one record of a group insert; `existingId` tells which event already has the key. */
export type InsertOutcome = { kind: 'inserted' } | { kind: 'duplicate'; existingId: string };
