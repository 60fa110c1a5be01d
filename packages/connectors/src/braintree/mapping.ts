import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a Braintree notification besides its `kind`. */
export interface BraintreeFact {
  /** `transaction/type` of the subject: `sale` or `credit`. */
  transactionType: string | null;
}

/** Money that goes back is a transaction too. */
const credit: Condition<BraintreeFact> = {
  text: 'type is credit',
  holds: (fact) => fact.transactionType === 'credit',
};

/**
 * Braintree's kinds (developer.paypal.com/braintree/docs/reference/general/webhooks; the list of its library). A kind
 * that only reports (transaction_retried, transaction_reviewed, dispute_under_review) repeats what others say.
 */
export const braintreeMapping = mappingTable<BraintreeFact>([
  { type: 'transaction_settled', when: credit, event: 'refund_succeeded', origin: 'processor' },
  { type: 'transaction_settled', event: 'payment_succeeded', origin: 'processor' },
  { type: 'transaction_settlement_declined', when: credit, event: 'refund_failed', origin: 'processor' },
  { type: 'transaction_settlement_declined', event: 'payment_failed', origin: 'processor' },
  { type: 'transaction_disbursed', event: null },
  { type: 'transaction_retried', event: null },
  { type: 'transaction_reviewed', event: null },
  // Refunds that succeed are not told of.
  { type: 'refund_failed', event: 'refund_failed', origin: 'processor' },

  { type: 'local_payment_completed', event: 'payment_processing', origin: 'processor' },
  { type: 'local_payment_funded', event: 'payment_succeeded', origin: 'bank' },
  { type: 'local_payment_expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  { type: 'local_payment_reversed', event: 'payment_returned', origin: 'bank' },

  { type: 'dispute_opened', event: 'dispute_opened', origin: 'bank' },
  { type: 'dispute_disputed', event: 'dispute_challenged', origin: 'bank' },
  { type: 'dispute_under_review', event: null },
  { type: 'dispute_accepted', event: 'dispute_accepted', origin: 'bank' },
  { type: 'dispute_auto_accepted', event: 'dispute_accepted', detail: 'auto_accepted', origin: 'bank' },
  { type: 'dispute_expired', event: 'dispute_expired', origin: 'bank' },
  { type: 'dispute_won', event: 'dispute_won', origin: 'bank' },
  { type: 'dispute_lost', event: 'dispute_lost', origin: 'bank' },

  { type: 'subscription_charged_successfully', event: 'payment_succeeded', origin: 'processor' },
  { type: 'subscription_charged_unsuccessfully', event: 'payment_failed', origin: 'processor' },
  { type: 'subscription_went_active', event: 'subscription_status_changed', detail: 'active', origin: 'processor' },
  { type: 'subscription_went_past_due', event: 'subscription_status_changed', detail: 'past_due', origin: 'processor' },
  { type: 'subscription_canceled', event: 'subscription_status_changed', detail: 'canceled', origin: 'processor' },
  { type: 'subscription_expired', event: 'subscription_status_changed', detail: 'expired', origin: 'processor' },
  {
    type: 'subscription_trial_ended',
    event: 'subscription_status_changed',
    detail: 'trial_ended',
    origin: 'processor',
  },
  {
    type: 'subscription_billing_skipped',
    event: 'subscription_status_changed',
    detail: 'billing_skipped',
    origin: 'processor',
  },

  // The customer took back, at PayPal or Venmo, what allowed the merchant to charge.
  {
    type: 'payment_method_revoked_by_customer',
    event: 'customer_updated',
    detail: 'revoked',
    objectType: 'mandate',
    origin: 'processor',
  },
  {
    type: 'payment_method_customer_data_updated',
    event: 'customer_updated',
    detail: 'payment_method_updated',
    origin: 'processor',
  },

  // “Check URL” in the Control Panel.
  { type: 'check', event: null },
  { type: 'account_updater_daily_report', event: null },
  { type: 'connected_merchant_*', event: null },
  { type: 'disbursement*', event: null },
  { type: 'granted_payment_*', event: null },
  { type: 'grantor_updated_*', event: null },
  { type: 'oauth_*', event: null },
  { type: 'partner_merchant_*', event: null },
  { type: 'recipient_updated_*', event: null },
]);
