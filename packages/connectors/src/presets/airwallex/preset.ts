import type { GenericDefinitionInput } from '../../generic/definition/definition.ts';
import type { Preset } from '../../generic/preset.ts';

/**
 * Airwallex (www.airwallex.com/docs/developer-tools/webhooks). The signed time is no reason to refuse: Airwallex repeats
 * itself for three days, and whether it then signs a new time is not said. Names depend on the API version of the
 * subscription; both spellings are listed.
 */
export const airwallex: Preset = {
  name: 'airwallex',
  title: 'Airwallex',
  guide: [
    'In the Airwallex web app open Settings, Developer, Webhooks and add a webhook.',
    'Paste this account’s webhook URL as the notification URL.',
    'Tick the events of payment_intent, payment_attempt, refund, payment_dispute, customer and subscription.',
    'Save, open the webhook, show its secret and copy it into a credential of this account: each URL has its own.',
    'To change the secret, add the new one as a second credential first; remove the old one after three days, when the last repeats are through.',
  ],
  definition: {
    signature: { algorithm: 'hmac-sha256', header: 'x-signature', signed: '{timestamp}{body}' },
    timestamp: { source: 'header:x-timestamp', unit: 'ms', tolerance_s: null },
    event_id: 'id',
    event_type: 'name',
    occurred_at: { path: 'created_at | data.object.updated_at', unit: 'iso8601' },
    object: {
      connector_reference: 'data.object.id',
      payment_reference: 'data.object.payment_intent_id',
      merchant_reference: 'data.object.merchant_order_id',
      amount: { path: 'data.object.amount', unit: 'major' },
      currency: 'data.object.currency',
      customer: 'data.object.customer_id',
      status: 'data.object.status',
      detail: 'data.object.failure_code | data.object.cancellation_reason | data.object.reason.type',
      metadata: 'data.object.metadata',
    },
    mapping: [
      { type: 'payment_intent.succeeded', event: 'payment_succeeded', origin: 'processor' },
      {
        type: 'payment_intent.requires_capture',
        event: 'payment_processing',
        detail: 'authorized',
        origin: 'processor',
      },
      { type: 'payment_intent.pending', event: 'payment_processing', origin: 'processor' },
      { type: 'payment_intent.requires_customer_action', event: 'action_required', origin: 'processor' },
      { type: 'payment_intent.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
      { type: 'payment_intent.*', event: null },

      { type: 'payment_attempt.authorized', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
      { type: 'payment_attempt.failed_to_process', event: 'payment_failed', origin: 'processor' },
      { type: 'payment_attempt.authorization_failed', event: 'payment_failed', origin: 'bank' },
      { type: 'payment_attempt.authentication_failed', event: 'payment_failed', origin: 'bank' },
      { type: 'payment_attempt.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
      { type: 'payment_attempt.*', event: null },

      { type: 'refund.received', event: 'refund_initiated', origin: 'processor' },
      { type: 'refund.accepted', event: 'refund_initiated', origin: 'processor' },
      { type: 'refund.settled', event: 'refund_succeeded', origin: 'processor' },
      { type: 'refund.succeeded', event: 'refund_succeeded', origin: 'processor' },
      { type: 'refund.failed', event: 'refund_failed', origin: 'processor' },

      ...disputeRows('payment_dispute'),
      ...disputeRows('dispute'),

      { type: 'customer.created', event: 'customer_created', origin: 'processor' },
      { type: 'customer.updated', event: 'customer_updated', origin: 'processor' },
      { type: 'subscription.*', event: 'subscription_status_changed', origin: 'processor' },
    ],
  },
};

/** Under their present and their older name. */
function disputeRows(object: string): GenericDefinitionInput['mapping'] {
  return [
    { type: `${object}.received`, event: 'dispute_opened', origin: 'bank' },
    { type: `${object}.requires_response`, event: 'dispute_opened', origin: 'bank' },
    { type: `${object}.responded`, event: 'dispute_challenged', origin: 'bank' },
    { type: `${object}.challenged`, event: 'dispute_challenged', origin: 'bank' },
    { type: `${object}.accepted`, event: 'dispute_accepted', origin: 'bank' },
    { type: `${object}.won`, event: 'dispute_won', origin: 'bank' },
    { type: `${object}.reversed`, event: 'dispute_won', origin: 'bank' },
    { type: `${object}.lost`, event: 'dispute_lost', origin: 'bank' },
    { type: `${object}.expired`, event: 'dispute_expired', origin: 'bank' },
  ];
}
