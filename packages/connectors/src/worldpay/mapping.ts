import { type Condition, mappingTable } from '../mapping/mapping-table.ts';
import type { WorldpaySettings } from './credentials.ts';

/** What decides about a Worldpay event besides its classification and type. */
export interface WorldpayFact {
  settings: WorldpaySettings;
}

const succeedsWhenSent: Condition<WorldpayFact> = {
  text: 'sent_for_settlement_means_succeeded is on',
  holds: ({ settings }) => settings.sent_for_settlement_means_succeeded,
};

/** Access Worldpay's events as `<classification>.<type>` (developer.worldpay.com, events). */
export const worldpayMapping = mappingTable<WorldpayFact>([
  { type: 'payment.sentForAuthorization', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.authorized', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'payment.sentForSettlement', when: succeedsWhenSent, event: 'payment_succeeded', origin: 'processor' },
  {
    type: 'payment.sentForSettlement',
    event: 'payment_processing',
    detail: 'sent_for_settlement',
    origin: 'processor',
  },
  // Told already.
  { type: 'payment.settled', when: succeedsWhenSent, event: null },
  { type: 'payment.settled', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment.settlementFailed', event: 'payment_failed', detail: 'settlement_failed', origin: 'processor' },
  { type: 'payment.refused', event: 'payment_failed', detail: 'refused', origin: 'processor' },
  { type: 'payment.error', event: 'payment_failed', detail: 'error', origin: 'processor' },
  { type: 'payment.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  { type: 'payment.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment.cancelledByCustomer', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment.requestExpired', event: 'payment_failed', detail: 'expired', origin: 'processor' },

  { type: 'payment.sentForRefund', event: 'refund_initiated', origin: 'processor' },
  { type: 'payment.refunded', event: 'refund_succeeded', origin: 'processor' },
  { type: 'payment.refundFailed', event: 'refund_failed', origin: 'processor' },

  // Of alternative payment methods; of cards only this one question is told.
  { type: 'payment.chargedBack', event: 'chargeback', origin: 'bank' },
  { type: 'chargeback.informationRequested', event: 'dispute_opened', detail: 'information_requested', origin: 'bank' },
  // No other is published.
  { type: 'chargeback.*', event: null },

  { type: 'payment.tokenCreated', event: null },
  // Of the merchant's own account with a payment method.
  { type: 'payment.settlementInstructed', event: null },
  { type: 'payment.settlementRejected', event: null },
  { type: 'payment.topUpAccepted', event: null },
  { type: 'payment.topUpRejected', event: null },
  { type: 'payout.*', event: null },
]);
