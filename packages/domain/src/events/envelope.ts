import type { Owner } from '../subscriptions/subscription.ts';
import type { EventEnvelope, EventObject, NormalisedEvent } from './event.ts';
import { API_VERSION } from './event.ts';
import { eventTypeName } from './event-type-names.ts';
import type { EventStyle, EventType } from './event-types.ts';
import { tellableSource } from './tellable-source.ts';

export interface EnvelopeParts {
  /** `evt_...`, time-ordered (000.22, 001.19). */
  id: string;
  event: NormalisedEvent;
  /** Null only for `endpoint_disabled` of a portfolio's or reseller's subscription, which names its `owner` instead. */
  merchantId: string | null;
  owner?: Owner;
  environment: EventEnvelope['environment'];
  /** Null for events that the platform or the gateway itself raises (003.9). */
  connector: string | null;
  createdAt: Date;
  /** Whether the vendor's own object is told too; not unless given. */
  includeSource?: boolean;
}

/** What a merchant will be told of an event, type in its canonical spelling. */
export function buildEnvelope(parts: EnvelopeParts): EventEnvelope {
  const { id, event, merchantId, owner, environment, connector, createdAt, includeSource = false } = parts;
  return {
    id,
    type: event.type,
    api_version: API_VERSION,
    environment,
    merchant_id: merchantId,
    ...(owner === undefined ? {} : { owner: { level: owner.level, id: owner.id } }),
    origin: event.origin,
    connector,
    occurred_at: event.occurredAt.toISOString(),
    created_at: createdAt.toISOString(),
    data: {
      object_type: event.objectType,
      object: inDocumentedOrder(event.object),
      previous: event.previous,
      ...(includeSource ? { source: tellableSource(event.source) } : {}),
    },
  };
}

/**
 * The bytes that are stored once, then signed and sent as they are in every attempt (promise P2). Keys come out in the
 * documented order, however the envelope was put together.
 */
export function serialiseEnvelope(envelope: EventEnvelope): string {
  const { id, type, api_version, environment, merchant_id, owner, origin, connector } = envelope;
  const { object_type, object, previous, source } = envelope.data;
  return JSON.stringify({
    id,
    type,
    api_version,
    environment,
    merchant_id,
    // JSON.stringify leaves out what is undefined.
    owner,
    origin,
    connector,
    occurred_at: envelope.occurred_at,
    created_at: envelope.created_at,
    data: { object_type, object: inDocumentedOrder(object), previous, source },
  });
}

/**
 * The body that a subscription of this style receives: the stored one, with only the value of `type` changed
 * (architecture, rule 13). It is changed in place, in the prefix that `serialiseEnvelope` writes; parsing and writing
 * again could change other bytes, such as numbers.
 *
 * @param storedBody what `serialiseEnvelope` gave for an event of this type
 * @throws Error when the stored body does not begin so
 */
export function renderBody(storedBody: string, type: EventType, style: EventStyle): string {
  const opening = '{"id":"';
  const idEnd = storedBody.indexOf('"', opening.length);
  const typeField = `","type":"${type}",`;
  if (!storedBody.startsWith(opening) || idEnd < 0 || !storedBody.startsWith(typeField, idEnd)) {
    throw new Error(`A stored body does not begin as an envelope of type ${type}.`);
  }
  if (style === 'snake_case') return storedBody;
  const rest = storedBody.slice(idEnd + typeField.length);
  return `${storedBody.slice(0, idEnd)}","type":"${eventTypeName(type, style)}",${rest}`;
}

/** The distinct references by which an event is found: what the API's `object_reference` filter matches. */
export function referencesOf(object: EventObject): string[] {
  const references = [object.connector_reference, object.payment_reference, object.merchant_reference];
  return [...new Set(references)].filter((reference) => reference !== null);
}

function inDocumentedOrder(object: EventObject): EventObject {
  return {
    connector_reference: object.connector_reference,
    payment_reference: object.payment_reference,
    merchant_reference: object.merchant_reference,
    amount_minor: object.amount_minor,
    currency: object.currency,
    status: object.status,
    detail: object.detail,
    customer: object.customer,
    metadata: object.metadata,
  };
}
