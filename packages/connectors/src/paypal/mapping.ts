import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a PayPal event besides its `event_type`. */
export interface PayPalFact {
  /** `resource.status`, of older objects `resource.state`; in upper case. */
  status: string | null;
  /** `resource.dispute_outcome.outcome_code`. */
  outcome: string | null;
}

const status = (...states: string[]): Condition<PayPalFact> => ({
  text: `status is ${states.join(' or ')}`,
  holds: (fact) => fact.status !== null && states.includes(fact.status),
});

const outcome = (...codes: string[]): Condition<PayPalFact> => ({
  text: `outcome_code is ${codes.join(' or ')}`,
  holds: (fact) => fact.outcome !== null && codes.includes(fact.outcome),
});

/**
 * PayPal's events (developer.paypal.com/api/rest/webhooks/event-names). PAYMENT.SALE is what older integrations and
 * subscriptions have in the place of PAYMENT.CAPTURE. Disputes and reversals are PayPal's own decisions, so they begin with
 * the processor; which of them a bank began is in `dispute_channel`.
 */
export const payPalMapping = mappingTable<PayPalFact>([
  // The buyer agreed; the money still has to be captured.
  { type: 'CHECKOUT.ORDER.APPROVED', event: 'payment_processing', detail: 'approved', origin: 'processor' },
  { type: 'CHECKOUT.ORDER.PROCESSED', event: 'payment_processing', detail: 'processed', origin: 'processor' },
  // PAYMENT.CAPTURE.COMPLETED says the same.
  { type: 'CHECKOUT.ORDER.COMPLETED', event: null },
  {
    type: 'CHECKOUT.PAYMENT-APPROVAL.REVERSED',
    event: 'payment_failed',
    detail: 'approval_reversed',
    origin: 'processor',
  },
  { type: 'CHECKOUT.CHECKOUT.BUYER-APPROVED', event: null },
  { type: 'PAYMENTS.PAYMENT.CREATED', event: 'payment_processing', detail: 'approved', origin: 'processor' },
  { type: 'PAYMENT.ORDER.CREATED', event: null },
  { type: 'PAYMENT.ORDER.CANCELLED', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },

  { type: 'PAYMENT.AUTHORIZATION.CREATED', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'PAYMENT.AUTHORIZATION.VOIDED', event: 'payment_failed', detail: 'voided', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.COMPLETED', event: 'payment_succeeded', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.PENDING', event: 'payment_processing', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.DENIED', event: 'payment_failed', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.DECLINED', event: 'payment_failed', origin: 'processor' },
  { type: 'PAYMENT.SALE.COMPLETED', event: 'payment_succeeded', origin: 'processor' },
  { type: 'PAYMENT.SALE.PENDING', event: 'payment_processing', origin: 'processor' },
  { type: 'PAYMENT.SALE.DENIED', event: 'payment_failed', origin: 'processor' },

  // A refund that is paid from a bank account is told of when it begins.
  { type: 'PAYMENT.CAPTURE.REFUNDED', when: status('PENDING'), event: 'refund_initiated', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.REFUNDED', event: 'refund_succeeded', origin: 'processor' },
  { type: 'PAYMENT.SALE.REFUNDED', when: status('PENDING'), event: 'refund_initiated', origin: 'processor' },
  { type: 'PAYMENT.SALE.REFUNDED', event: 'refund_succeeded', origin: 'processor' },
  { type: 'PAYMENT.REFUND.PENDING', event: 'refund_initiated', origin: 'processor' },
  { type: 'PAYMENT.REFUND.FAILED', event: 'refund_failed', origin: 'processor' },
  { type: 'PAYMENT.CAPTURE.REVERSED', event: 'chargeback', origin: 'processor' },
  { type: 'PAYMENT.SALE.REVERSED', event: 'chargeback', origin: 'processor' },

  // A notice before there is a dispute.
  { type: 'RISK.DISPUTE.CREATED', event: 'dispute_opened', detail: 'risk_notice', origin: 'processor' },
  { type: 'CUSTOMER.DISPUTE.CREATED', event: 'dispute_opened', origin: 'processor' },
  {
    type: 'CUSTOMER.DISPUTE.UPDATED',
    when: status('WAITING_FOR_SELLER_RESPONSE'),
    event: 'dispute_opened',
    origin: 'processor',
  },
  {
    type: 'CUSTOMER.DISPUTE.UPDATED',
    when: status('UNDER_REVIEW', 'WAITING_FOR_BUYER_RESPONSE'),
    event: 'dispute_challenged',
    origin: 'processor',
  },
  // A message was added, or CUSTOMER.DISPUTE.RESOLVED says it better.
  { type: 'CUSTOMER.DISPUTE.UPDATED', event: null },
  {
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    when: outcome('RESOLVED_BUYER_FAVOUR'),
    event: 'dispute_lost',
    origin: 'processor',
  },
  {
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    when: outcome('RESOLVED_SELLER_FAVOUR', 'RESOLVED_WITH_PAYOUT'),
    event: 'dispute_won',
    origin: 'processor',
  },
  { type: 'CUSTOMER.DISPUTE.RESOLVED', when: outcome('ACCEPTED'), event: 'dispute_accepted', origin: 'processor' },
  {
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    when: outcome('CANCELED_BY_BUYER', 'DENIED', 'NONE'),
    event: 'dispute_cancelled',
    origin: 'processor',
  },

  {
    type: 'BILLING.SUBSCRIPTION.CREATED',
    event: 'subscription_status_changed',
    detail: 'created',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.ACTIVATED',
    event: 'subscription_status_changed',
    detail: 'activated',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.RE-ACTIVATED',
    event: 'subscription_status_changed',
    detail: 're_activated',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.UPDATED',
    event: 'subscription_status_changed',
    detail: 'updated',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.EXPIRED',
    event: 'subscription_status_changed',
    detail: 'expired',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.CANCELLED',
    event: 'subscription_status_changed',
    detail: 'cancelled',
    origin: 'processor',
  },
  {
    type: 'BILLING.SUBSCRIPTION.SUSPENDED',
    event: 'subscription_status_changed',
    detail: 'suspended',
    origin: 'processor',
  },
  // A payment that succeeds is PAYMENT.SALE.COMPLETED.
  { type: 'BILLING.SUBSCRIPTION.PAYMENT.FAILED', event: 'payment_failed', origin: 'processor' },

  // What a buyer saved for later, to be charged without asking again.
  {
    type: 'VAULT.PAYMENT-TOKEN.CREATED',
    event: 'customer_updated',
    detail: 'created',
    objectType: 'mandate',
    origin: 'processor',
  },
  {
    type: 'VAULT.PAYMENT-TOKEN.DELETED',
    event: 'customer_updated',
    detail: 'deleted',
    objectType: 'mandate',
    origin: 'processor',
  },
  { type: 'VAULT.PAYMENT-TOKEN.DELETION-INITIATED', event: null },

  // Money that the merchant sends, and what no payment depends on.
  { type: 'PAYMENT.PAYOUTSBATCH.*', event: null },
  { type: 'PAYMENT.PAYOUTS-ITEM.*', event: null },
  { type: 'PAYMENT.REFERENCED-PAYOUT-ITEM.*', event: null },
  { type: 'INVOICING.INVOICE.*', event: null },
  { type: 'BILLING.PLAN.*', event: null },
  { type: 'CATALOG.PRODUCT.*', event: null },
  { type: 'IDENTITY.AUTHORIZATION-CONSENT.REVOKED', event: null },
  { type: 'MERCHANT.*', event: null },
  { type: 'CUSTOMER.ACCOUNT-LIMITATION.*', event: null },
  { type: 'CUSTOMER.MANAGED-ACCOUNT.*', event: null },
  { type: 'CUSTOMER.MERCHANT-INTEGRATION.*', event: null },
]);
