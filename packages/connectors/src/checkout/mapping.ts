import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a Checkout.com event besides its `type`. */
export interface CheckoutFact {
  /** `data.destination` is there: money that goes out, to a bank account or a card. */
  payout: boolean;
}

/** Payouts share the types of payments; whoever took one for a payment would fulfil an order that nobody paid. */
const payout: Condition<CheckoutFact> = { text: 'a payout (data.destination)', holds: (fact) => fact.payout };

/** Checkout.com's events (checkout.com/docs, event notifications, event types). */
export const checkoutMapping = mappingTable<CheckoutFact>([
  { type: 'payment_pending', when: payout, event: null },
  { type: 'payment_pending', event: 'payment_processing', origin: 'processor' },
  { type: 'payment_approved', when: payout, event: null },
  { type: 'payment_approved', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'payment_capture_pending', event: 'payment_processing', origin: 'processor' },
  { type: 'payment_captured', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment_declined', when: payout, event: null },
  { type: 'payment_declined', event: 'payment_failed', origin: 'processor' },
  { type: 'payment_capture_declined', event: 'payment_failed', origin: 'processor' },
  { type: 'payment_authentication_failed', event: 'payment_failed', origin: 'processor' },
  { type: 'payment_expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  { type: 'payment_voided', event: 'payment_failed', detail: 'voided', origin: 'processor' },
  { type: 'payment_canceled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment_returned', when: payout, event: null },
  { type: 'payment_returned', event: 'payment_returned', origin: 'bank' },
  // “Occurs when a bank payout is successful”: never a payment of a customer.
  { type: 'payment_paid', event: null },
  { type: 'payment_void_declined', event: null },
  { type: 'payment_authorization_*', event: null },
  { type: 'payment_compliance_review', event: null },
  { type: 'payment_retry_scheduled', event: null },

  { type: 'payment_refund_pending', event: 'refund_initiated', origin: 'processor' },
  { type: 'payment_refunded', event: 'refund_succeeded', origin: 'processor' },
  { type: 'payment_refund_declined', event: 'refund_failed', origin: 'processor' },

  // Tick this only where 3-D Secure is used without payments: it tells of the same failure as payment_authentication_failed.
  { type: 'authentication_failed', event: 'payment_failed', origin: 'processor' },
  { type: 'authentication_*', event: null },

  {
    type: 'request_for_information_received',
    event: 'dispute_opened',
    detail: 'information_requested',
    origin: 'bank',
  },
  { type: 'dispute_received', event: 'dispute_opened', origin: 'bank' },
  { type: 'dispute_evidence_required', event: 'dispute_opened', origin: 'bank' },
  { type: 'dispute_evidence_submitted', event: 'dispute_challenged', origin: 'bank' },
  { type: 'dispute_evidence_acknowledged_by_scheme', event: 'dispute_challenged', origin: 'bank' },
  { type: 'dispute_accepted', event: 'dispute_accepted', origin: 'bank' },
  { type: 'dispute_expired', event: 'dispute_expired', origin: 'bank' },
  { type: 'dispute_canceled', event: 'dispute_cancelled', origin: 'bank' },
  // The payment had already been refunded.
  { type: 'dispute_resolved', event: 'dispute_cancelled', detail: 'already_refunded', origin: 'bank' },
  { type: 'dispute_won', event: 'dispute_won', origin: 'bank' },
  { type: 'dispute_lost', event: 'dispute_lost', origin: 'bank' },
  {
    type: 'dispute_arbitration_evidence_submitted',
    event: 'dispute_challenged',
    detail: 'arbitration',
    origin: 'bank',
  },
  { type: 'dispute_arbitration_sent_to_scheme', event: 'dispute_challenged', detail: 'arbitration', origin: 'bank' },
  { type: 'dispute_arbitration_won', event: 'dispute_won', detail: 'arbitration', origin: 'bank' },
  { type: 'dispute_arbitration_lost', event: 'dispute_lost', detail: 'arbitration', origin: 'bank' },

  { type: 'card_verified', event: null },
  { type: 'card_verification_declined', event: null },
  { type: 'fraud_reported', event: null },
]);
