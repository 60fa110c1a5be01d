import type { Preset } from '../../generic/preset.ts';

/**
 * Coinbase Commerce (docs.cdp.coinbase.com/commerce, webhooks). The outer `id` is that of one sending; the event’s own is
 * the same on every repeat. Its successor’s checkout webhooks are signed otherwise, and not taken.
 */
export const coinbaseCommerce: Preset = {
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  guide: [
    'In Coinbase Commerce open Settings, Notifications, Webhook subscriptions and add an endpoint.',
    'Paste this account’s webhook URL, and choose all events of charges.',
    'Open “Show shared secret” and copy it into a credential of this account.',
    'A payment that is seen on the chain raises payment_processing, one that is confirmed payment_succeeded; too late or too little paid raises action_required or payment_failed.',
    'To change the shared secret, add the new one as a second credential first; remove the old one after three days, when the last repeats are through.',
  ],
  definition: {
    signature: { algorithm: 'hmac-sha256', header: 'x-cc-webhook-signature' },
    event_id: 'event.id',
    event_type: 'event.type',
    occurred_at: { path: 'event.created_at', unit: 'iso8601' },
    object: {
      connector_reference: 'event.data.id | event.data.code',
      amount: { path: 'event.data.pricing.local.amount | event.data.local_price.amount', unit: 'major' },
      currency: 'event.data.pricing.local.currency | event.data.local_price.currency',
      customer: 'event.data.metadata.customer_id',
      metadata: 'event.data.metadata',
    },
    mapping: [
      { type: 'charge:created', event: null },
      { type: 'charge:pending', event: 'payment_processing', origin: 'processor' },
      { type: 'charge:confirmed', event: 'payment_succeeded', origin: 'processor' },
      { type: 'charge:resolved', event: 'payment_succeeded', origin: 'processor' },
      { type: 'charge:failed', event: 'payment_failed', origin: 'processor' },
      { type: 'charge:delayed', event: 'action_required', origin: 'processor' },
    ],
  },
};
