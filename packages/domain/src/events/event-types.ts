/** Where an event began: with the bank, with the processor, or with the gateway itself (003.1). */
export type Origin = 'bank' | 'processor' | 'system';

/** The kinds of thing an event speaks of; each has one documented shape of `data.object` (003.20). */
export type ObjectType = 'payment' | 'refund' | 'dispute' | 'customer' | 'subscription' | 'mandate' | 'endpoint';

/** One entry of the catalogue of event types (000.14, 001.4, 002.17, 003.10). */
export interface EventTypeDefinition {
  readonly objectType: ObjectType;
  readonly description: string;
  /** Who usually raises it; a single event names its own origin. */
  readonly origin: Origin;
  /** Document 001's dotted name, where it has one (001.4). */
  readonly alias?: string;
}

/** Every event type, by its canonical snake_case name. */
export const EVENT_TYPES = {
  payment_succeeded: {
    objectType: 'payment',
    origin: 'processor',
    alias: 'payment.completed',
    description: 'A payment was completed; the money is on its way to the merchant.',
  },
  payment_failed: {
    objectType: 'payment',
    origin: 'processor',
    alias: 'payment.failed',
    description: 'A payment attempt failed, expired, or was cancelled. Not final: it may still succeed later.',
  },
  payment_processing: {
    objectType: 'payment',
    origin: 'processor',
    description: 'A payment is under way: authorised but not captured, or waiting for the bank.',
  },
  payment_cancelled: {
    objectType: 'payment',
    origin: 'system',
    description: 'The customer cancelled the payment on the way.',
  },
  payment_returned: {
    objectType: 'payment',
    origin: 'bank',
    description: 'A bank returned a payment that had succeeded (ACH return, late failure).',
  },
  action_required: {
    objectType: 'payment',
    origin: 'processor',
    description: 'The customer must do something before the payment can go on.',
  },
  refund_initiated: {
    objectType: 'refund',
    origin: 'processor',
    alias: 'refund.initiated',
    description: 'A refund was begun.',
  },
  refund_succeeded: {
    objectType: 'refund',
    origin: 'processor',
    alias: 'refund.completed',
    description: 'A refund reached the customer.',
  },
  refund_failed: { objectType: 'refund', origin: 'processor', description: 'A refund failed.' },
  dispute_opened: { objectType: 'dispute', origin: 'bank', description: 'A dispute was opened and needs an answer.' },
  dispute_expired: { objectType: 'dispute', origin: 'bank', description: 'The time to answer a dispute ran out.' },
  dispute_accepted: { objectType: 'dispute', origin: 'bank', description: 'The merchant accepted a dispute.' },
  dispute_cancelled: { objectType: 'dispute', origin: 'bank', description: 'A dispute was withdrawn.' },
  dispute_challenged: { objectType: 'dispute', origin: 'bank', description: 'A dispute was challenged with evidence.' },
  dispute_won: { objectType: 'dispute', origin: 'bank', description: 'A dispute was decided for the merchant.' },
  dispute_lost: { objectType: 'dispute', origin: 'bank', description: 'A dispute was decided against the merchant.' },
  chargeback: {
    objectType: 'dispute',
    origin: 'bank',
    description: 'Money was taken back by the bank, with or without a dispute.',
  },
  customer_created: {
    objectType: 'customer',
    origin: 'processor',
    alias: 'customer.created',
    description: 'A customer was created.',
  },
  customer_updated: {
    objectType: 'customer',
    origin: 'processor',
    alias: 'customer.updated',
    description: 'A customer or a mandate was changed.',
  },
  subscription_status_changed: {
    objectType: 'subscription',
    origin: 'system',
    description: 'A recurring billing subscription changed its status.',
  },
  endpoint_disabled: {
    objectType: 'endpoint',
    origin: 'system',
    description: 'One of the merchant’s own webhook subscriptions was switched off.',
  },
} as const satisfies Record<string, EventTypeDefinition>;

/** A canonical event type, such as `payment_succeeded`. */
export type EventType = keyof typeof EVENT_TYPES;

/** How event types are spelled in what a subscription receives (001.5). */
export type EventStyle = 'snake_case' | 'dotted';
