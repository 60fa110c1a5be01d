import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a Razorpay event besides its name. */
export interface RazorpayFact {
  /** `payload.dispute.entity.status`. */
  disputeStatus: string | null;
}

const disputeStatus = (status: string): Condition<RazorpayFact> => ({
  text: `status of the dispute is ${status}`,
  holds: (fact) => fact.disputeStatus === status,
});

/** Razorpay's events (razorpay.com/docs/webhooks, the lists by product). */
export const razorpayMapping = mappingTable<RazorpayFact>([
  { type: 'payment.captured', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment.authorized', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  // Cash on delivery: ordered, not yet paid.
  { type: 'payment.pending', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.failed', event: 'payment_failed', origin: 'processor' },
  { type: 'payment_link.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment_link.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  // Paid links, invoices and orders are told of as their payment.captured.
  { type: 'payment_link.*', event: null },
  { type: 'invoice.*', event: null },
  { type: 'order.*', event: null },

  { type: 'refund.created', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.processed', event: 'refund_succeeded', origin: 'processor' },
  { type: 'refund.failed', event: 'refund_failed', origin: 'processor' },
  { type: 'refund.*', event: null },

  { type: 'payment.dispute.created', event: 'dispute_opened', origin: 'bank' },
  { type: 'payment.dispute.action_required', event: 'dispute_opened', origin: 'bank' },
  { type: 'payment.dispute.under_review', event: 'dispute_challenged', origin: 'bank' },
  { type: 'payment.dispute.won', event: 'dispute_won', origin: 'bank' },
  { type: 'payment.dispute.lost', event: 'dispute_lost', origin: 'bank' },
  { type: 'payment.dispute.closed', when: disputeStatus('won'), event: 'dispute_won', origin: 'bank' },
  { type: 'payment.dispute.closed', when: disputeStatus('lost'), event: 'dispute_lost', origin: 'bank' },
  { type: 'payment.dispute.closed', event: 'dispute_cancelled', origin: 'bank' },

  // The charge is a payment that was captured: whichever of the two is first is told.
  { type: 'subscription.charged', event: 'payment_succeeded', origin: 'processor' },
  { type: 'subscription.authenticated', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.activated', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.pending', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.halted', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.paused', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.resumed', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.cancelled', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.completed', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscription.updated', event: 'subscription_status_changed', detail: 'updated', origin: 'processor' },

  // What the customer's bank or UPI app allows the merchant to collect.
  { type: 'token.confirmed', event: 'customer_updated', objectType: 'mandate', origin: 'bank' },
  { type: 'token.rejected', event: 'customer_updated', objectType: 'mandate', origin: 'bank' },
  { type: 'token.paused', event: 'customer_updated', objectType: 'mandate', origin: 'bank' },
  { type: 'token.cancelled', event: 'customer_updated', objectType: 'mandate', origin: 'bank' },
  // The others are about stored cards.
  { type: 'token.*', event: null },

  { type: 'payment.downtime.*', event: null },
  { type: 'payout.*', event: null },
  { type: 'settlement.*', event: null },
]);
