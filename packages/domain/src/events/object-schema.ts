import { z } from 'zod';
import type { EventType, ObjectType } from './event-types.ts';
import { EVENT_TYPES } from './event-types.ts';

/** What is special about each kind of object, for those who read its schema (003.20). */
const DESCRIPTIONS: Record<ObjectType, { what: string; statuses: string }> = {
  payment: {
    what: 'A payment. `payment_reference` is its own reference.',
    statuses: '`succeeded`, `failed`, `processing`, `requires_action`, `cancelled`, `returned`',
  },
  refund: { what: 'Money going back to the customer.', statuses: '`initiated`, `succeeded`, `failed`' },
  dispute: {
    what: 'A dispute or chargeback of a payment; the amount is the disputed one.',
    statuses: '`opened`, `expired`, `accepted`, `cancelled`, `challenged`, `won`, `lost`, `charged_back`',
  },
  customer: { what: 'A customer of the merchant.', statuses: '`created`, `updated`, `deleted`' },
  subscription: {
    what: 'A recurring billing subscription; its status is the connector’s own word.',
    statuses: '`active`, `paused`, `past_due`, `cancelled`',
  },
  mandate: {
    what: 'The customer’s permission to collect payments; its status is the connector’s own word.',
    statuses: '`active`, `cancelled`, `failed`, `expired`',
  },
  endpoint: {
    what: 'One of the merchant’s own webhook subscriptions; `connector_reference` is its id.',
    statuses: '`disabled`',
  },
};

const reference = z.string().nullable();

/**
 * The documented shape of `data.object` for one object type: the same fields from every connector (000.5, 003.20). New
 * fields may be added; receivers ignore what they do not know.
 */
export function objectSchema(objectType: ObjectType) {
  const { what, statuses } = DESCRIPTIONS[objectType];
  return z
    .object({
      connector_reference: reference.describe('The connector’s own id of this object.'),
      payment_reference: reference.describe('The connector’s id of the payment this belongs to.'),
      merchant_reference: reference.describe('The merchant’s order reference, if the connector passes one on.'),
      amount_minor: z.int().nullable().describe('In minor units of `currency`; null when the connector does not say.'),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .nullable()
        .describe('ISO 4217; null when the connector does not say.'),
      status: z.string().min(1).describe(`Such as ${statuses}.`),
      detail: z.string().nullable().describe('A finer reason than the status.'),
      customer: reference.describe('The connector’s id of the customer.'),
      metadata: z.record(z.string(), z.string()),
    })
    .describe(what);
}

/** The object types that events of this type speak of, the usual one first. */
export function objectTypesOf(type: EventType): readonly ObjectType[] {
  // A mandate is a thing of the customer's: its changes are told as `customer_updated`.
  return type === 'customer_updated' ? ['customer', 'mandate'] : [EVENT_TYPES[type].objectType];
}
