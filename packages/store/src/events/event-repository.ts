import type { EventType, ObjectType, Origin } from '@owngateway/domain';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A stored event. `references` holds every reference of its object, for the `object_reference` filter. */
export interface EventRecord {
  _id: string;
  /** Null only for events about a portfolio's or reseller's own subscription. */
  merchant_id: string | null;
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
}

/** What a delivery needs of its event. */
export type EventForDelivery = Pick<EventRecord, '_id' | 'merchant_id' | 'type' | 'body' | 'references' | 'created_at'>;

export interface EventFilter {
  merchantId?: string;
  type?: EventType;
  connector?: string;
  objectReference?: string;
  since?: Date;
  until?: Date;
}

export interface EventRepository {
  /** Stores a group, durably (majority, journaled). An event whose `(merchant_id, dedupe_key)` exists is a duplicate, not an error. */
  insertMany(records: readonly EventRecord[]): Promise<InsertOutcome[]>;
  /** Loads by id for delivery; unknown ids are left out. Any order. */
  loadForDelivery(ids: readonly string[]): Promise<EventForDelivery[]>;
  /** Takes the events off the list of those awaiting fan-out. Idempotent; a lost call is mended by the sweeper. */
  markFannedOut(ids: readonly string[]): Promise<void>;
  /** Ids of events still awaiting fan-out since before `olderThan`, oldest first. */
  findAwaitingFanOut(query: { olderThan: Date; limit: number }): Promise<string[]>;
  /** Null when missing or not the tenant's. */
  get(scope: TenantScope, id: string): Promise<EventRecord | null>;
  /** Newest first. Bodies are included. */
  list(scope: TenantScope, filter: EventFilter, page: PageRequest): Promise<Page<EventRecord>>;
}

/** What became of one record of a group insert; `existingId` tells which event already has the key. */
export type InsertOutcome = { kind: 'inserted' } | { kind: 'duplicate'; existingId: string };
