import { mappingTable } from '../mapping/mapping-table.ts';

/**
 * Mollie's next-generation event types (docs.mollie.com/reference/webhooks-new; the list of its library, and its pages on
 * chargebacks and captures). What a classic webhook leads to is named the same way, by the status that was fetched:
 * `payment.open` and `subscription.*` come from there only.
 */
export const mollieMapping = mappingTable<null>([
  { type: 'payment.paid', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment.authorized', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'payment.pending', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.open', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.failed', event: 'payment_failed', origin: 'processor' },
  { type: 'payment.canceled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  // Tick this only when payment.paid is not ticked: it tells of the same payment.
  { type: 'payment-link.paid', event: 'payment_succeeded', origin: 'processor' },
  { type: 'capture.succeeded', event: null },
  { type: 'capture.failed', event: 'payment_failed', detail: 'capture_failed', origin: 'bank' },

  { type: 'refund.queued', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.pending', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.processing', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.refunded', event: 'refund_succeeded', origin: 'processor' },
  { type: 'refund.failed', event: 'refund_failed', origin: 'bank' },
  { type: 'refund.canceled', event: 'refund_failed', detail: 'cancelled', origin: 'processor' },

  { type: 'chargeback.received', event: 'chargeback', origin: 'bank' },
  // The money is back: whoever lost it through a chargeback has won.
  { type: 'chargeback.reversed', event: 'dispute_won', detail: 'reversed', origin: 'bank' },

  { type: 'subscription.*', event: 'subscription_status_changed', origin: 'processor' },

  { type: 'balance-transaction.*', event: null },
  { type: 'business-account-transfer.*', event: null },
  { type: 'connect-balance-transfer.*', event: null },
  { type: 'payout.*', event: null },
  { type: 'sales-invoice.*', event: null },
]);
