import type { Preset } from '../../generic/preset.ts';

/**
 * Klarna Network webhooks (docs.klarna.com, webhooks). How the signature is written is not published, so hexadecimal and
 * base64 are both taken. The older callbacks of Klarna Payments and Klarna Checkout are unsigned, and not taken.
 */
export const klarna: Preset = {
  name: 'klarna',
  title: 'Klarna (Klarna Network)',
  guide: [
    'Create a signing key with Klarna’s notification API (or in the partner portal), and copy it into a credential of this account. Klarna shows it once.',
    'Create a webhook with this account’s webhook URL, the id of that signing key, and the event types payment.request.state-change.*. Klarna calls ports 443 and 8443 only.',
    'A completed payment request is authorised, not paid: it raises payment_processing, and the capture follows.',
    'To change the key, create a second one, add it as a second credential, and move the webhook to it; remove the old credential after a day.',
  ],
  definition: {
    signature: { algorithm: 'hmac-sha256', header: 'klarna-signature', encoding: 'hex_or_base64' },
    event_id: 'metadata.event_id',
    event_type: 'metadata.event_type',
    occurred_at: { path: 'metadata.occurred_at', unit: 'iso8601' },
    // Only the id and the state are in the published example; the others are taken where they come.
    object: {
      connector_reference: 'payload.payment_request_id',
      merchant_reference: 'payload.payment_request_reference | payload.merchant_reference',
      amount: { path: 'payload.amount', unit: 'minor' },
      currency: 'payload.currency',
    },
    mapping: [
      { type: 'payment.request.state-change.submitted', event: 'payment_processing', origin: 'processor' },
      { type: 'payment.request.state-change.in-progress', event: 'payment_processing', origin: 'processor' },
      { type: 'payment.request.state-change.prepared', event: 'payment_processing', origin: 'processor' },
      { type: 'payment.request.state-change.pending-confirmation', event: 'payment_processing', origin: 'processor' },
      {
        type: 'payment.request.state-change.completed',
        event: 'payment_processing',
        detail: 'authorized',
        origin: 'processor',
      },
      {
        type: 'payment.request.state-change.authorized',
        event: 'payment_processing',
        detail: 'authorized',
        origin: 'processor',
      },
      {
        type: 'payment.request.state-change.canceled',
        event: 'payment_failed',
        detail: 'cancelled',
        origin: 'processor',
      },
      { type: 'payment.request.state-change.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
      { type: 'payment.request.state-change.declined', event: 'payment_failed', origin: 'processor' },
    ],
  },
};
