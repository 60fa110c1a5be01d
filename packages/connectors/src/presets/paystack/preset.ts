import type { Preset } from '../../generic/preset.ts';

/**
 * Paystack (paystack.com/docs/payments/webhooks). No time is signed and events have no id: what they are about makes one
 * together with their name, and where that has none the bytes of the body decide.
 */
export const paystack: Preset = {
  name: 'paystack',
  title: 'Paystack',
  guide: [
    'In the Paystack Dashboard open Settings, API Keys & Webhooks.',
    'Paste this account’s webhook URL as the webhook URL; live and test mode have one each. All events are sent; there is nothing to tick.',
    'Copy the secret key of the same mode (sk_live_... or sk_test_...) into a credential of this account: Paystack signs with it. It is the key of your API access, so only the one who may have that should enter it here.',
    'To change the key, add the new one as a second credential first; remove the old one after three days, when the last repeats are through.',
  ],
  definition: {
    signature: { algorithm: 'hmac-sha512', header: 'x-paystack-signature' },
    event_id: ['event', 'data.id | data.refund_reference'],
    event_type: 'event',
    // When a subscription or an invoice was made is not when it failed or ended: where no change has a time, it is when it came.
    occurred_at: { path: 'data.paid_at | data.resolvedAt | data.updatedAt | data.updated_at', unit: 'iso8601' },
    object: {
      // Some events of a subscription have a number besides its code, some the code alone.
      connector_reference:
        'data.subscription_code | data.id | data.refund_reference | data.invoice_code | data.customer_code',
      // Refunds do not tell the id of their payment, so a payment goes by its reference in all of its events.
      payment_reference: 'data.transaction.reference | data.transaction_reference | data.reference',
      merchant_reference: 'data.reference | data.transaction.reference | data.transaction_reference',
      // In the smallest unit of each currency. Requests name the CFA franc, which has none, in hundredths; taken to be so here.
      amount: { path: 'data.amount | data.refund_amount', unit: 'minor', decimals: { XOF: 2 } },
      currency: 'data.currency | data.transaction.currency',
      customer: 'data.customer.customer_code | data.customer_code',
      status: 'data.status',
      detail: 'data.resolution | data.category',
      metadata: 'data.metadata',
    },
    mapping: [
      { type: 'charge.success', event: 'payment_succeeded', origin: 'processor' },
      { type: 'paymentrequest.pending', event: 'payment_processing', origin: 'processor' },
      // charge.success tells of the same payment.
      { type: 'paymentrequest.success', event: null },
      { type: 'invoice.payment_failed', event: 'payment_failed', origin: 'processor' },
      { type: 'invoice.create', event: null },
      { type: 'invoice.update', event: null },

      { type: 'refund.pending', event: 'refund_initiated', origin: 'processor' },
      { type: 'refund.processing', event: 'refund_initiated', origin: 'processor' },
      { type: 'refund.processed', event: 'refund_succeeded', origin: 'processor' },
      { type: 'refund.failed', event: 'refund_failed', origin: 'processor' },

      { type: 'charge.dispute.create', event: 'dispute_opened', origin: 'bank' },
      { type: 'charge.dispute.remind', event: null },
      {
        type: 'charge.dispute.resolve',
        when: { field: 'data.resolution', is: ['merchant-accepted'] },
        event: 'dispute_accepted',
        origin: 'bank',
      },
      {
        type: 'charge.dispute.resolve',
        when: { field: 'data.resolution', is: ['declined'] },
        event: 'dispute_won',
        origin: 'bank',
      },

      { type: 'subscription.create', event: 'subscription_status_changed', origin: 'processor' },
      { type: 'subscription.disable', event: 'subscription_status_changed', origin: 'processor' },
      { type: 'subscription.not_renew', event: 'subscription_status_changed', origin: 'processor' },

      { type: 'customeridentification.success', event: 'customer_updated', origin: 'processor' },
      {
        type: 'customeridentification.failed',
        event: 'customer_updated',
        detail: 'identification_failed',
        origin: 'processor',
      },

      { type: 'transfer.*', event: null },
      { type: 'dedicatedaccount.*', event: null },
    ],
  },
};
