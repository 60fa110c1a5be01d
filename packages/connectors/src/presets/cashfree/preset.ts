import type { GenericDefinitionInput } from '../../generic/definition/definition.ts';
import type { Preset } from '../../generic/preset.ts';

/** A dispute's states carry its stage: `CHARGEBACK_MERCHANT_WON`. */
const STAGES = ['DISPUTE', 'RETRIEVAL', 'CHARGEBACK', 'PRE_ARBITRATION', 'ARBITRATION'];

/**
 * Cashfree Payments (www.cashfree.com/docs, webhooks). `x-idempotency-key` is not signed, so what a notification is about
 * and the state of that make its id. The signed time is no reason to refuse: whether a repeat signs a new one is not said.
 */
export const cashfree: Preset = {
  name: 'cashfree',
  title: 'Cashfree Payments',
  guide: [
    'In the Cashfree merchant dashboard open Developers, Webhooks and add an endpoint for payments; refunds, disputes and subscriptions have their own pages and take the same URL.',
    'Create this account before you add the endpoint: Cashfree sends it a signed test notification, which must be acknowledged.',
    'Paste this account’s webhook URL. Tick success, failed and user dropped payments, refunds and automatic refunds, disputes created, updated and closed.',
    'Cashfree signs with the client secret of your API keys: copy it into a credential of this account.',
    'To change the client secret, add the new one as a second credential first; remove the old one after a day.',
  ],
  definition: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'x-webhook-signature',
      signed: '{timestamp}{body}',
      encoding: 'base64',
    },
    timestamp: { source: 'header:x-webhook-timestamp', unit: 'ms', tolerance_s: null },
    event_id: [
      'type',
      'data.refund.cf_refund_id | data.auto_refund.cf_refund_id | data.dispute.dispute_id | data.payment.cf_payment_id',
      'data.refund.refund_status | data.auto_refund.refund_status | data.dispute.dispute_status | data.payment.payment_status',
    ],
    event_type: 'type',
    occurred_at: { path: 'event_time', unit: 'iso8601' },
    object: {
      connector_reference:
        'data.refund.cf_refund_id | data.auto_refund.cf_refund_id | data.dispute.dispute_id | data.payment.cf_payment_id | data.subscription_details.cf_subscription_id',
      payment_reference:
        'data.refund.cf_payment_id | data.auto_refund.cf_payment_id | data.order_details.cf_payment_id | data.payment.cf_payment_id',
      merchant_reference:
        'data.order.order_id | data.refund.order_id | data.auto_refund.order_id | data.order_details.order_id | data.subscription_details.subscription_id',
      amount: {
        path: 'data.refund.refund_amount | data.auto_refund.refund_amount | data.dispute.dispute_amount | data.payment.payment_amount | data.order.order_amount',
        unit: 'major',
      },
      currency:
        'data.refund.refund_currency | data.auto_refund.refund_currency | data.payment.payment_currency | data.order.order_currency | data.order_details.order_currency',
      customer: 'data.customer_details.customer_id',
      status: 'data.subscription_details.subscription_status',
      detail: 'data.error_details.error_code | data.dispute.reason_code',
    },
    mapping: [
      { type: 'PAYMENT_SUCCESS_WEBHOOK', event: 'payment_succeeded', origin: 'processor' },
      // Neither is the end of the order: the customer may try again.
      { type: 'PAYMENT_FAILED_WEBHOOK', event: 'payment_failed', origin: 'processor' },
      { type: 'PAYMENT_USER_DROPPED_WEBHOOK', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },

      ...refundRows('REFUND_STATUS_WEBHOOK', 'data.refund.refund_status'),
      ...refundRows('AUTO_REFUND_STATUS_WEBHOOK', 'data.auto_refund.refund_status'),

      { type: 'DISPUTE_CREATED', event: 'dispute_opened', origin: 'bank' },
      ...disputeRows('DISPUTE_UPDATED'),
      ...disputeRows('DISPUTE_CLOSED'),

      { type: 'SUBSCRIPTION_STATUS_*', event: 'subscription_status_changed', origin: 'processor' },
    ],
  },
};

function refundRows(type: string, field: string): GenericDefinitionInput['mapping'] {
  return [
    { type, when: { field, is: ['SUCCESS'] }, event: 'refund_succeeded', origin: 'processor' },
    { type, when: { field, is: ['CANCELLED'] }, event: 'refund_failed', detail: 'cancelled', origin: 'processor' },
    { type, when: { field, is: ['PENDING', 'ONHOLD'] }, event: 'refund_initiated', origin: 'processor' },
  ];
}

function disputeRows(type: string): GenericDefinitionInput['mapping'] {
  const states = (...endings: string[]) => ({
    field: 'data.dispute.dispute_status',
    is: endings.flatMap((ending) => STAGES.map((stage) => `${stage}_${ending}`)),
  });
  return [
    { type, when: states('UNDER_REVIEW', 'DOCS_RECEIVED'), event: 'dispute_challenged', origin: 'bank' },
    { type, when: states('MERCHANT_WON'), event: 'dispute_won', origin: 'bank' },
    { type, when: states('MERCHANT_LOST'), event: 'dispute_lost', origin: 'bank' },
    { type, when: states('MERCHANT_ACCEPTED'), event: 'dispute_accepted', origin: 'bank' },
  ];
}
