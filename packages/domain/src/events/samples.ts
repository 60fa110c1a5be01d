import { buildEnvelope } from './envelope.ts';
import type { EventEnvelope, EventObject, NormalisedEvent } from './event.ts';
import { EVENT_TYPE_NAMES } from './event-type-names.ts';
import type { EventType, ObjectType } from './event-types.ts';
import { EVENT_TYPES } from './event-types.ts';

const OCCURRED_AT = new Date('2026-11-01T12:00:00Z');
const CREATED_AT = new Date('2026-11-01T12:00:00.412Z');

const NOTHING_KNOWN: Omit<EventObject, 'status'> = {
  connector_reference: null,
  payment_reference: null,
  merchant_reference: null,
  amount_minor: null,
  currency: null,
  detail: null,
  customer: null,
  metadata: {},
};

const PAYMENT: Omit<EventObject, 'status'> = {
  connector_reference: 'pi_3QKz8mLkdIwHu7ix0a1b2c3d',
  payment_reference: 'pi_3QKz8mLkdIwHu7ix0a1b2c3d',
  merchant_reference: 'A-17',
  amount_minor: 2_000,
  currency: 'USD',
  detail: null,
  customer: 'cus_R7a2b3c4d5e6f7',
  metadata: { cart: '8731' },
};

/** What the object of each type looks like apart from its status. */
const OBJECTS: Record<ObjectType, Omit<EventObject, 'status'>> = {
  payment: PAYMENT,
  refund: { ...PAYMENT, connector_reference: 're_3QKz8mLkdIwHu7ix0e4f5a6b', amount_minor: 500, metadata: {} },
  dispute: { ...PAYMENT, connector_reference: 'du_1QKzAbLkdIwHu7ix9c8d7e6f', detail: 'fraudulent', metadata: {} },
  customer: {
    ...NOTHING_KNOWN,
    connector_reference: 'cus_R7a2b3c4d5e6f7',
    merchant_reference: 'C-204',
    customer: 'cus_R7a2b3c4d5e6f7',
  },
  subscription: {
    ...NOTHING_KNOWN,
    connector_reference: 'sub_1QKzCdLkdIwHu7ix5f6a7b8c',
    amount_minor: 900,
    currency: 'EUR',
    customer: 'cus_R7a2b3c4d5e6f7',
  },
  mandate: { ...NOTHING_KNOWN, connector_reference: 'MD000123', customer: 'cus_R7a2b3c4d5e6f7' },
  endpoint: { ...NOTHING_KNOWN, connector_reference: 'sub_019a3f5b7c007d1e8f90a1b2c3d4e5f6' },
};

/** What is particular to the sample of each type; `connector: null` for what the gateway or the platform says itself. */
const PARTICULARS: Record<
  EventType,
  { status: string; detail?: string; previous?: Record<string, unknown>; connector?: null }
> = {
  payment_succeeded: { status: 'succeeded', previous: { status: 'failed' } },
  payment_failed: { status: 'failed', detail: 'insufficient_funds' },
  payment_processing: { status: 'processing', detail: 'authorized' },
  payment_cancelled: { status: 'cancelled', detail: 'cancelled_by_customer', connector: null },
  payment_returned: { status: 'returned', detail: 'R01', previous: { status: 'succeeded' } },
  action_required: { status: 'requires_action', detail: 'three_d_secure' },
  refund_initiated: { status: 'initiated' },
  refund_succeeded: { status: 'succeeded', previous: { status: 'initiated' } },
  refund_failed: { status: 'failed', detail: 'expired_or_canceled_card' },
  dispute_opened: { status: 'opened' },
  dispute_expired: { status: 'expired' },
  dispute_accepted: { status: 'accepted' },
  dispute_cancelled: { status: 'cancelled' },
  dispute_challenged: { status: 'challenged' },
  dispute_won: { status: 'won', previous: { status: 'challenged' } },
  dispute_lost: { status: 'lost', previous: { status: 'challenged' } },
  chargeback: { status: 'charged_back' },
  customer_created: { status: 'created' },
  customer_updated: { status: 'updated', previous: { merchant_reference: 'C-203' } },
  subscription_status_changed: { status: 'paused', previous: { status: 'active' }, connector: null },
  endpoint_disabled: { status: 'disabled', detail: 'gone', connector: null },
};

/** A realistic event of this type, always the same: what `/test` sends and the catalogue shows (001.20). */
export function sampleEvent(type: EventType): NormalisedEvent {
  const { objectType, origin } = EVENT_TYPES[type];
  const { status, detail, previous } = PARTICULARS[type];
  const object = OBJECTS[objectType];
  return {
    type,
    origin,
    occurredAt: new Date(OCCURRED_AT),
    objectType,
    object: { ...object, status, detail: detail ?? object.detail, metadata: { ...object.metadata } },
    previous: previous === undefined ? null : { ...previous },
  };
}

/** The envelope of `sampleEvent`, as merchant `m_42` would receive it from the sandbox. */
export function sampleEnvelope(type: EventType): EventEnvelope {
  return buildEnvelope({
    id: sampleId(type),
    event: sampleEvent(type),
    merchantId: 'm_42',
    environment: 'sandbox',
    connector: PARTICULARS[type].connector === null ? null : 'stripe',
    createdAt: new Date(CREATED_AT),
  });
}

/** A UUIDv7 of the sample's time that ends in the type's place in the catalogue. */
function sampleId(type: EventType): string {
  const time = CREATED_AT.getTime().toString(16).padStart(12, '0');
  const place = EVENT_TYPE_NAMES.indexOf(type).toString(16).padStart(16, '0');
  return `evt_${time}7000${place.replace(/^0/, '8')}`;
}
