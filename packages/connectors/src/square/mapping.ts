import { type Condition, type MappingRow, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a Square event besides its `type`. */
export interface SquareFact {
  /** `status` of a payment or refund, `state` of a dispute. */
  state: string | null;
  /** The payment names refunds of its own. */
  refunded: boolean;
}

const status = (...states: string[]): Condition<SquareFact> => ({
  text: `status is ${states.join(' or ')}`,
  holds: (fact) => fact.state !== null && states.includes(fact.state),
});

const state = (...states: string[]): Condition<SquareFact> => ({
  text: `state is ${states.join(' or ')}`,
  holds: (fact) => fact.state !== null && states.includes(fact.state),
});

/** A payment stays COMPLETED when it is refunded. */
const refunded: Condition<SquareFact> = {
  text: 'refund_ids is not empty',
  holds: (fact) => fact.refunded,
};

/**
 * Square's events (developer.squareup.com/reference/square/webhooks; the states from its library's declarations).
 * `data.type` is spelt differently for some of them, so the top-level `type` decides.
 */
export const squareMapping = mappingTable<SquareFact>([
  ...paymentRows('payment.created'),
  // What changed is the refund, which refund.* tells of.
  { type: 'payment.updated', when: refunded, event: null },
  ...paymentRows('payment.updated'),

  ...refundRows('refund.created'),
  ...refundRows('refund.updated'),

  { type: 'dispute.created', event: 'dispute_opened', origin: 'bank' },
  ...disputeRows('dispute.state.updated'),
  // The older name of dispute.state.updated.
  ...disputeRows('dispute.state.changed'),
  { type: 'dispute.evidence.*', event: null },

  { type: 'customer.created', event: 'customer_created', origin: 'processor' },
  { type: 'customer.updated', event: 'customer_updated', origin: 'processor' },
  { type: 'customer.deleted', event: null },
  { type: 'subscription.created', event: 'subscription_status_changed', origin: 'processor' },
  // Sent for other changes too; what was before is not told.
  { type: 'subscription.updated', event: 'subscription_status_changed', origin: 'processor' },

  { type: 'invoice.scheduled_charge_failed', event: 'payment_failed', origin: 'processor' },
  // Among them invoice.payment_made: its payment is told of as payment.updated.
  { type: 'invoice.*', event: null },
  { type: 'order.*', event: null },
  { type: 'payout.*', event: null },
]);

function paymentRows(type: string): MappingRow<SquareFact>[] {
  return [
    { type, when: status('APPROVED'), event: 'payment_processing', detail: 'authorized', origin: 'processor' },
    { type, when: status('PENDING'), event: 'payment_processing', origin: 'processor' },
    { type, when: status('COMPLETED'), event: 'payment_succeeded', origin: 'processor' },
    { type, when: status('CANCELED'), event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
    { type, when: status('FAILED'), event: 'payment_failed', origin: 'processor' },
  ];
}

function refundRows(type: string): MappingRow<SquareFact>[] {
  return [
    { type, when: status('PENDING'), event: 'refund_initiated', origin: 'processor' },
    { type, when: status('COMPLETED'), event: 'refund_succeeded', origin: 'processor' },
    { type, when: status('REJECTED', 'FAILED'), event: 'refund_failed', origin: 'processor' },
  ];
}

function disputeRows(type: string): MappingRow<SquareFact>[] {
  return [
    { type, when: state('EVIDENCE_REQUIRED', 'INQUIRY_EVIDENCE_REQUIRED'), event: 'dispute_opened', origin: 'bank' },
    { type, when: state('PROCESSING', 'INQUIRY_PROCESSING'), event: 'dispute_challenged', origin: 'bank' },
    { type, when: state('WON'), event: 'dispute_won', origin: 'bank' },
    { type, when: state('LOST'), event: 'dispute_lost', origin: 'bank' },
    { type, when: state('ACCEPTED'), event: 'dispute_accepted', origin: 'bank' },
    { type, when: state('INQUIRY_CLOSED'), event: 'dispute_cancelled', origin: 'bank' },
  ];
}
