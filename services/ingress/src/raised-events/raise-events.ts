import { createHash } from 'node:crypto';
import {
  buildEnvelope,
  type IdSource,
  normaliseRaisedEvent,
  type RaisedEvent,
  referencesOf,
  serialiseEnvelope,
} from '@owngateway/domain';
import type { EventRecord } from '@owngateway/store';
import type { EventLog } from '../recording/event-log.ts';

/** An event that stands for one that was raised; `duplicate` when another one had its key before. */
export interface Raised {
  id: string;
  duplicate: boolean;
}

export interface RaiseEventsParts {
  eventLog: EventLog;
  environment: 'sandbox' | 'production';
  newId: IdSource;
  now: () => Date;
  /** The database's clock (rule 15). */
  databaseNow: () => Date;
}

/** What a request says of all its events. */
export interface RequestKey {
  /** Its `Idempotency-Key`. */
  key: string | undefined;
  isBatch: boolean;
}

/** Stores events that the platform itself raises (003.9). Rejects when the store is away. */
export type RaiseEvents = (raised: readonly RaisedEvent[], request: RequestKey) => Promise<Raised[]>;

export function createRaiseEvents(parts: RaiseEventsParts): RaiseEvents {
  return async (raised, request) => {
    const events = raised.map((event, index) => {
      const id = parts.newId('evt');
      return eventRecord(id, event, dedupeKeyOf(id, event, request, index), parts);
    });
    const distinct = firstOfEachKey(events);
    const standing = await parts.eventLog.record(distinct);
    const idByKey = new Map(distinct.map((event, index) => [keyOf(event), standing[index] ?? event._id]));
    return events.map((event) => {
      const id = idByKey.get(keyOf(event)) ?? event._id;
      return { id, duplicate: id !== event._id };
    });
  };
}

/**
 * An event's own key comes first: it says the same thing in every request. Else the request's key, with the place in it if
 * there are several; else nothing is known to be the same. The namespaces keep one kind of key from looking like another.
 * Callers may put anything into their keys, and these live for months: they are kept as digests.
 */
function dedupeKeyOf(id: string, event: RaisedEvent, { key, isBatch }: RequestKey, index: number): string {
  if (event.idempotency_key !== undefined) {
    return `api:${digest(event.idempotency_key)}`;
  }
  if (key === undefined) {
    return `api-once:${id}`;
  }
  return isBatch ? `api-request:${digest(key)}:${index}` : `api:${digest(key)}`;
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function firstOfEachKey(events: readonly EventRecord[]): EventRecord[] {
  const byKey = new Map<string, EventRecord>();
  for (const event of events) {
    const key = keyOf(event);
    byKey.set(key, byKey.get(key) ?? event);
  }
  return [...byKey.values()];
}

function keyOf({ merchant_id, dedupe_key }: EventRecord): string {
  return `${merchant_id} ${dedupe_key}`;
}

function eventRecord(
  id: string,
  raised: RaisedEvent,
  dedupeKey: string,
  { environment, now, databaseNow }: RaiseEventsParts,
): EventRecord {
  const createdAt = now();
  const event = normaliseRaisedEvent(raised, createdAt);
  const envelope = buildEnvelope({
    id,
    event,
    merchantId: raised.merchant_id,
    environment,
    connector: null,
    createdAt,
  });
  return {
    _id: id,
    merchant_id: raised.merchant_id,
    dedupe_key: dedupeKey,
    type: event.type,
    origin: event.origin,
    object_type: event.objectType,
    connector: null,
    connector_account_id: null,
    notification_id: null,
    references: referencesOf(event.object),
    occurred_at: event.occurredAt,
    created_at: createdAt,
    body: serialiseEnvelope(envelope),
    awaiting_fan_out_since: databaseNow(),
  };
}
