import { mappingTable } from '../mapping/mapping-table.ts';

/**
 * GoCardless's events as `<resource_type>.<action>` (developer.gocardless.com/api-reference, events).
 *
 * A `payments.failed` that follows `payments.confirmed` is a late failure. One notification does not tell, so it is
 * raised as the failure that it is; the return of the money is `payments.late_failure_settled`.
 */
export const goCardlessMapping = mappingTable<null>([
  { type: 'payments.created', event: 'payment_processing', origin: 'processor' },
  { type: 'payments.customer_approval_granted', event: 'payment_processing', origin: 'processor' },
  { type: 'payments.submitted', event: 'payment_processing', origin: 'processor' },
  { type: 'payments.resubmission_requested', event: 'payment_processing', origin: 'processor' },
  { type: 'payments.confirmed', event: 'payment_succeeded', origin: 'bank' },
  { type: 'payments.paid_out', event: null },
  { type: 'payments.failed', event: 'payment_failed', origin: 'bank' },
  { type: 'payments.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payments.customer_approval_denied', event: 'payment_failed', origin: 'processor' },
  { type: 'payments.late_failure_settled', event: 'payment_returned', origin: 'bank' },
  { type: 'payments.charged_back', event: 'chargeback', origin: 'bank' },
  { type: 'payments.chargeback_cancelled', event: 'dispute_cancelled', origin: 'bank' },
  { type: 'payments.chargeback_settled', event: 'dispute_lost', origin: 'bank' },

  { type: 'refunds.created', event: 'refund_initiated', origin: 'processor' },
  { type: 'refunds.paid', event: 'refund_succeeded', origin: 'processor' },
  // Deducted from a payout, which says nothing of the customer: it may still fail.
  { type: 'refunds.refund_settled', event: null },
  { type: 'refunds.failed', event: 'refund_failed', origin: 'bank' },
  { type: 'refunds.bounced', event: 'refund_failed', origin: 'bank' },
  { type: 'refunds.funds_returned', event: 'refund_failed', origin: 'bank' },

  // The payer has a page to go to, or must authorise with the bank once more; the other actions ask nothing of anybody.
  { type: 'billing_requests.flow_created', event: 'action_required', origin: 'processor' },
  { type: 'billing_requests.bank_authorisation_denied', event: 'action_required', origin: 'bank' },
  { type: 'billing_requests.bank_authorisation_failed', event: 'action_required', origin: 'bank' },
  { type: 'billing_requests.bank_authorisation_expired', event: 'action_required', origin: 'bank' },
  { type: 'billing_requests.*', event: null },

  { type: 'subscriptions.created', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.customer_approval_granted', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.customer_approval_denied', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.amended', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.paused', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.resumed', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.cancelled', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.finished', event: 'subscription_status_changed', origin: 'processor' },
  { type: 'subscriptions.payment_created', event: null },

  // Status and detail are the action, such as `cancelled`.
  { type: 'mandates.*', event: 'customer_updated', objectType: 'mandate', origin: 'processor' },

  { type: 'payouts.*', event: null },
  { type: 'creditors.*', event: null },
  { type: 'instalment_schedules.*', event: null },
]);
