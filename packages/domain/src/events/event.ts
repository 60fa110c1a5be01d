import type { Owner } from '../subscriptions/subscription.ts';
import type { EventType, ObjectType, Origin } from './event-types.ts';

/** The state of the thing an event speaks of: one shape per object type, the same from every connector (000.5). */
export interface EventObject {
  /** The connector's own id of this object. */
  connector_reference: string | null;
  /** The connector's id of the payment this belongs to; a payment names itself. */
  payment_reference: string | null;
  /** The merchant's order reference, if the connector passes one on. */
  merchant_reference: string | null;
  /** Integer minor units of `currency`; null when the connector does not say. */
  amount_minor: number | null;
  /** ISO 4217, upper case; null when the connector does not say. */
  currency: string | null;
  status: string;
  /** A finer reason than `status`, such as `authorized` or `cancelled`. */
  detail: string | null;
  /** The connector's id of the customer, if any. */
  customer: string | null;
  metadata: Record<string, string>;
}

/** A normalised fact, before it has an id: what a connector's mapping or the platform itself says happened. */
export interface NormalisedEvent {
  type: EventType;
  origin: Origin;
  occurredAt: Date;
  objectType: ObjectType;
  object: EventObject;
  /** Earlier values of changed fields, when they are known (003.20). */
  previous: Record<string, unknown> | null;
  /**
   * The vendor's own object that says all of this, as it was sent or fetched, parsed and otherwise unchanged: the whole event
   * of a notification, of a batch the one entry. Merchants who ask for it get it without card data (`data.source`).
   */
  source?: unknown;
}

/** What a merchant receives as the JSON body (001.20); keys in this order. */
export interface EventEnvelope {
  id: string;
  type: string;
  api_version: string;
  environment: 'sandbox' | 'production';
  merchant_id: string | null;
  /** Only where `merchant_id` is null: `endpoint_disabled` of a portfolio's or reseller's subscription. */
  owner?: Owner;
  origin: Origin;
  connector: string | null;
  occurred_at: string;
  created_at: string;
  data: {
    object_type: ObjectType;
    object: EventObject;
    previous: Record<string, unknown> | null;
    /** Only where it was asked for; null when there is none, or one that is too large. */
    source?: unknown;
  };
}

/** The version of the envelope; it changes only when a field changes its meaning or goes away. */
export const API_VERSION = '2026-11-01';
