import type { Preset } from '../../generic/preset.ts';

/**
 * Flutterwave v4 (developer.flutterwave.com/docs/webhooks). The v3 API sends the secret itself in `verif-hash` and signs
 * nothing: it is not taken here. No time is vouched for besides the body’s own `timestamp`.
 */
export const flutterwave: Preset = {
  name: 'flutterwave',
  title: 'Flutterwave (v4)',
  guide: [
    'In the Flutterwave dashboard open Settings, Webhooks, with the v4 API switched on.',
    'Paste this account’s webhook URL, and enter a long random text as the secret hash.',
    'Copy the same secret hash into a credential of this account.',
    'Switch on the resending of failed webhooks: without it Flutterwave sends each only once.',
    'To change the secret hash, add the new one as a second credential first; remove the old one after a day.',
  ],
  definition: {
    signature: { algorithm: 'hmac-sha256', header: 'flutterwave-signature', encoding: 'base64' },
    event_id: ['type', 'data.id', 'data.status'],
    event_type: 'type',
    occurred_at: { path: 'timestamp', unit: 'ms' },
    object: {
      connector_reference: 'data.id',
      payment_reference: 'data.charge_id | data.charge.id',
      merchant_reference: 'data.reference',
      amount: { path: 'data.amount', unit: 'major' },
      currency: 'data.currency',
      customer: 'data.customer.id | data.customer_id',
      status: 'data.status',
      detail: 'data.processor_response.type | data.reason',
      metadata: 'data.meta',
    },
    mapping: [
      {
        type: 'charge.completed',
        when: { field: 'data.status', is: ['succeeded', 'successful'] },
        event: 'payment_succeeded',
        origin: 'processor',
      },
      {
        type: 'charge.completed',
        when: { field: 'data.status', is: ['failed'] },
        event: 'payment_failed',
        origin: 'processor',
      },
      {
        type: 'charge.completed',
        when: { field: 'data.status', is: ['pending'] },
        event: 'payment_processing',
        origin: 'processor',
      },
      { type: 'charge.failed', event: 'payment_failed', origin: 'processor' },

      { type: 'refund.completed', event: 'refund_succeeded', origin: 'processor' },
      { type: 'refund.failed', event: 'refund_failed', origin: 'processor' },

      { type: 'chargeback.created', event: 'dispute_opened', origin: 'bank' },
      {
        type: 'chargeback.updated',
        when: { field: 'data.status', is: ['initiated', 'pending'] },
        event: 'dispute_opened',
        origin: 'bank',
      },
      // Declined by the merchant, who brings evidence.
      {
        type: 'chargeback.updated',
        when: { field: 'data.status', is: ['declined'] },
        event: 'dispute_challenged',
        origin: 'bank',
      },
      {
        type: 'chargeback.updated',
        when: { field: 'data.status', is: ['accepted'] },
        event: 'dispute_accepted',
        origin: 'bank',
      },
      { type: 'chargeback.updated', when: { field: 'data.status', is: ['won'] }, event: 'dispute_won', origin: 'bank' },
      {
        type: 'chargeback.updated',
        when: { field: 'data.status', is: ['lost'] },
        event: 'dispute_lost',
        origin: 'bank',
      },

      { type: 'subscription.cancelled', event: 'subscription_status_changed', origin: 'processor' },
      { type: 'transfer.*', event: null },
    ],
  },
};
