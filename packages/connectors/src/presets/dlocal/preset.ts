import type { Preset } from '../../generic/preset.ts';

/**
 * dLocal payments (docs.dlocal.com/docs/receive-notifications). The body is the payment as it now is, without saying when
 * it became so: the signed time tells that. It is no reason to refuse: dLocal repeats itself for days, and whether it then
 * signs a new time is not said. Platform notifications are signed in another header, and not taken.
 */
export const dlocal: Preset = {
  name: 'dlocal',
  title: 'dLocal',
  guide: [
    'In the dLocal merchant dashboard open Settings, Integration, and paste this account’s webhook URL as the notification URL; or give it as notification_url with each payment.',
    'Copy the secret key that is shown there (the one that signs your own requests too) into a credential of this account.',
    'Every change of a payment’s status is sent; there is nothing to tick. Refunds and chargebacks that are sent here are recorded and raise nothing.',
    'To change the secret key, add the new one as a second credential first; remove the old one after a week, when the last repeats are through.',
  ],
  definition: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'authorization',
      prefix: 'V2-HMAC-SHA256, Signature: ',
      signed: '{header:x-login}{timestamp}{body}',
    },
    timestamp: { source: 'header:x-date', unit: 'iso8601', tolerance_s: null },
    event_id: ['id', 'status'],
    event_type: 'status',
    object: {
      connector_reference: 'id',
      merchant_reference: 'order_id',
      amount: { path: 'amount', unit: 'major' },
      currency: 'currency',
      customer: 'payer.user_reference',
      detail: 'status_detail',
    },
    mapping: [
      // Refunds and chargebacks name their payment and share its words: a rejected refund is no failed payment.
      { type: 'PENDING', when: { field: 'payment_id', present: true }, event: null },
      { type: 'REJECTED', when: { field: 'payment_id', present: true }, event: null },
      { type: 'CANCELLED', when: { field: 'payment_id', present: true }, event: null },
      { type: 'PAID', event: 'payment_succeeded', origin: 'processor' },
      { type: 'PENDING', event: 'payment_processing', origin: 'processor' },
      { type: 'AUTHORIZED', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
      { type: 'VERIFIED', event: 'payment_processing', origin: 'processor' },
      { type: 'REJECTED', event: 'payment_failed', origin: 'processor' },
      { type: 'CANCELLED', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
      { type: 'EXPIRED', event: 'payment_failed', detail: 'expired', origin: 'processor' },
    ],
  },
};
