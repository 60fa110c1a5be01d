import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a Stripe event besides its `type`. */
export interface StripeFact {
  /** `data.object.status`. */
  status: string | null;
  /** `data.previous_attributes` is there and does not name `status`: something else was changed. */
  statusUnchanged: boolean;
}

const status = (...states: string[]): Condition<StripeFact> => ({
  text: `status is ${states.join(' or ')}`,
  holds: (fact) => fact.status !== null && states.includes(fact.status),
});

/** An object whose evidence, metadata or quantity was changed is no news about its state. */
const statusUnchanged: Condition<StripeFact> = {
  text: 'previous_attributes does not name status',
  holds: (fact) => fact.statusUnchanged,
};

/**
 * Stripe's events (docs.stripe.com/api/events/types; the states from the library's declarations). `charge.refunded`
 * and `charge.dispute.funds_reinstated` repeat what refund and dispute events say better.
 */
export const stripeMapping = mappingTable<StripeFact>([
  { type: 'payment_intent.succeeded', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment_intent.payment_failed', event: 'payment_failed', origin: 'processor' },
  { type: 'payment_intent.canceled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment_intent.processing', event: 'payment_processing', origin: 'processor' },
  { type: 'payment_intent.partially_funded', event: 'payment_processing', origin: 'processor' },
  {
    type: 'payment_intent.amount_capturable_updated',
    event: 'payment_processing',
    detail: 'authorized',
    origin: 'processor',
  },
  { type: 'payment_intent.requires_action', event: 'action_required', origin: 'processor' },
  { type: 'payment_intent.created', event: null },

  // Tick these only when payment_intent events are not ticked: they tell of the same payment.
  { type: 'checkout.session.async_payment_succeeded', event: 'payment_succeeded', origin: 'processor' },
  { type: 'checkout.session.async_payment_failed', event: 'payment_failed', origin: 'processor' },
  { type: 'invoice.paid', event: 'payment_succeeded', origin: 'processor' },
  { type: 'invoice.payment_failed', event: 'payment_failed', origin: 'processor' },
  { type: 'invoice.payment_action_required', event: 'action_required', origin: 'processor' },

  {
    type: 'refund.created',
    when: status('pending', 'requires_action'),
    event: 'refund_initiated',
    origin: 'processor',
  },
  { type: 'refund.created', when: status('succeeded'), event: 'refund_succeeded', origin: 'processor' },
  { type: 'refund.created', when: status('failed'), event: 'refund_failed', origin: 'processor' },
  {
    type: 'refund.created',
    when: status('canceled'),
    event: 'refund_failed',
    detail: 'cancelled',
    origin: 'processor',
  },
  { type: 'refund.updated', when: statusUnchanged, event: null },
  {
    type: 'refund.updated',
    when: status('pending', 'requires_action'),
    event: 'refund_initiated',
    origin: 'processor',
  },
  { type: 'refund.updated', when: status('succeeded'), event: 'refund_succeeded', origin: 'processor' },
  { type: 'refund.updated', when: status('failed'), event: 'refund_failed', origin: 'processor' },
  {
    type: 'refund.updated',
    when: status('canceled'),
    event: 'refund_failed',
    detail: 'cancelled',
    origin: 'processor',
  },
  { type: 'refund.failed', event: 'refund_failed', origin: 'processor' },
  // The older name of refund.updated.
  { type: 'charge.refund.updated', when: statusUnchanged, event: null },
  {
    type: 'charge.refund.updated',
    when: status('pending', 'requires_action'),
    event: 'refund_initiated',
    origin: 'processor',
  },
  { type: 'charge.refund.updated', when: status('succeeded'), event: 'refund_succeeded', origin: 'processor' },
  { type: 'charge.refund.updated', when: status('failed'), event: 'refund_failed', origin: 'processor' },
  {
    type: 'charge.refund.updated',
    when: status('canceled'),
    event: 'refund_failed',
    detail: 'cancelled',
    origin: 'processor',
  },
  { type: 'charge.refunded', event: null },

  { type: 'charge.dispute.created', event: 'dispute_opened', origin: 'bank' },
  { type: 'charge.dispute.updated', when: statusUnchanged, event: null },
  {
    type: 'charge.dispute.updated',
    when: status('needs_response', 'warning_needs_response', 'appeal_needs_response'),
    event: 'dispute_opened',
    origin: 'bank',
  },
  {
    type: 'charge.dispute.updated',
    when: status('under_review', 'warning_under_review', 'appeal_under_review'),
    event: 'dispute_challenged',
    origin: 'bank',
  },
  { type: 'charge.dispute.updated', when: status('won'), event: 'dispute_won', origin: 'bank' },
  { type: 'charge.dispute.updated', when: status('lost'), event: 'dispute_lost', origin: 'bank' },
  { type: 'charge.dispute.closed', when: status('won'), event: 'dispute_won', origin: 'bank' },
  { type: 'charge.dispute.closed', when: status('lost'), event: 'dispute_lost', origin: 'bank' },
  {
    type: 'charge.dispute.closed',
    when: status('warning_closed', 'prevented'),
    event: 'dispute_cancelled',
    origin: 'bank',
  },
  // Taken when the dispute is opened: it is not yet lost.
  { type: 'charge.dispute.funds_withdrawn', event: 'chargeback', origin: 'bank' },
  { type: 'charge.dispute.funds_reinstated', event: null },

  { type: 'customer.created', event: 'customer_created', origin: 'processor' },
  { type: 'customer.updated', event: 'customer_updated', origin: 'processor' },
  { type: 'customer.subscription.created', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'customer.subscription.updated', when: statusUnchanged, event: null },
  { type: 'customer.subscription.updated', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'customer.subscription.deleted', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'customer.subscription.paused', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'customer.subscription.resumed', event: 'subscription_status_changed', origin: 'processor' },

  { type: 'radar.early_fraud_warning.*', event: null },
  { type: 'payout.*', event: null },
]);
