import { type Condition, mappingTable } from '../mapping/mapping-table.ts';
import type { AdyenSettings } from './credentials.ts';

/** What decides about an Adyen item besides its `eventCode`. */
export interface AdyenFact {
  /** Signed. */
  success: string;
  /** `additionalData.disputeStatus`; not signed. */
  disputeStatus: string | null;
  /** `additionalData["modification.action"]`; not signed. */
  modification: string | null;
  settings: AdyenSettings;
}

const succeeded: Condition<AdyenFact> = { text: 'success is true', holds: (fact) => fact.success === 'true' };
const failed: Condition<AdyenFact> = { text: 'success is false', holds: (fact) => fact.success === 'false' };

const autoCaptured: Condition<AdyenFact> = {
  text: 'authorised_means_succeeded is on',
  holds: (fact) => fact.settings.authorised_means_succeeded,
};

const modification = (action: string): Condition<AdyenFact> => ({
  text: `modification.action is ${action}`,
  holds: (fact) => fact.modification === action,
});

const disputeStatus = (...states: string[]): Condition<AdyenFact> => ({
  text: `disputeStatus is ${states.join(' or ')}`,
  holds: (fact) => fact.disputeStatus !== null && states.includes(fact.disputeStatus),
});

/** Not signed, so it decides a dispute only where the sender was authenticated besides. */
const trusted: Condition<AdyenFact> = {
  text: 'trust_unsigned_fields is on',
  holds: (fact) => fact.settings.trust_unsigned_fields,
};

const both = (one: Condition<AdyenFact>, other: Condition<AdyenFact>): Condition<AdyenFact> => ({
  text: `${one.text} and ${other.text}`,
  holds: (fact) => one.holds(fact) && other.holds(fact),
});

/** Adyen's event codes (docs.adyen.com, webhook types; its OpenAPI file of webhooks). */
export const adyenMapping = mappingTable<AdyenFact>([
  { type: 'AUTHORISATION', when: both(succeeded, autoCaptured), event: 'payment_succeeded', origin: 'processor' },
  { type: 'AUTHORISATION', when: succeeded, event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'AUTHORISATION', when: failed, event: 'payment_failed', origin: 'processor' },
  { type: 'AUTHORISATION_ADJUSTMENT', event: 'payment_processing', origin: 'processor' },
  { type: 'PENDING', event: 'payment_processing', origin: 'processor' },
  { type: 'CAPTURE', when: succeeded, event: 'payment_succeeded', origin: 'processor' },
  { type: 'CAPTURE', when: failed, event: 'payment_failed', origin: 'processor' },
  { type: 'CAPTURE_FAILED', event: 'payment_failed', origin: 'bank' },
  { type: 'CANCELLATION', when: succeeded, event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'CANCELLATION', event: null },
  { type: 'TECHNICAL_CANCEL', when: succeeded, event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'TECHNICAL_CANCEL', event: null },
  { type: 'OFFER_CLOSED', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  // What expires is the rest that was not captured: after a partial capture the payment has succeeded all the same.
  { type: 'EXPIRE', event: 'payment_failed', detail: 'expired', origin: 'processor' },

  { type: 'REFUND', when: succeeded, event: 'refund_succeeded', origin: 'processor' },
  { type: 'REFUND', when: failed, event: 'refund_failed', origin: 'processor' },
  { type: 'REFUND_WITH_DATA', when: succeeded, event: 'refund_succeeded', origin: 'processor' },
  { type: 'REFUND_WITH_DATA', when: failed, event: 'refund_failed', origin: 'processor' },
  { type: 'REFUND_FAILED', event: 'refund_failed', origin: 'bank' },
  { type: 'REFUNDED_REVERSED', event: 'refund_failed', origin: 'bank' },
  { type: 'POSTPONED_REFUND', event: 'refund_initiated', origin: 'processor' },
  { type: 'VOID_PENDING_REFUND', when: succeeded, event: 'refund_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'VOID_PENDING_REFUND', event: null },
  {
    type: 'CANCEL_OR_REFUND',
    when: both(modification('refund'), succeeded),
    event: 'refund_succeeded',
    origin: 'processor',
  },
  { type: 'CANCEL_OR_REFUND', when: both(modification('refund'), failed), event: 'refund_failed', origin: 'processor' },
  {
    type: 'CANCEL_OR_REFUND',
    when: both(modification('cancel'), succeeded),
    event: 'payment_failed',
    detail: 'cancelled',
    origin: 'processor',
  },
  { type: 'CANCEL_OR_REFUND', event: null },

  { type: 'REQUEST_FOR_INFORMATION', event: 'dispute_opened', origin: 'bank' },
  { type: 'NOTIFICATION_OF_CHARGEBACK', event: 'dispute_opened', origin: 'bank' },
  { type: 'CHARGEBACK', when: disputeStatus('Undefended', 'Pending'), event: 'dispute_opened', origin: 'bank' },
  { type: 'CHARGEBACK', when: both(disputeStatus('Accepted'), trusted), event: 'dispute_accepted', origin: 'bank' },
  { type: 'CHARGEBACK', when: both(disputeStatus('Lost'), trusted), event: 'dispute_lost', origin: 'bank' },
  { type: 'CHARGEBACK', when: both(disputeStatus('Won'), trusted), event: 'dispute_won', origin: 'bank' },
  { type: 'CHARGEBACK', when: both(disputeStatus('Expired'), trusted), event: 'dispute_expired', origin: 'bank' },
  { type: 'CHARGEBACK', event: 'chargeback', origin: 'bank' },
  { type: 'INFORMATION_SUPPLIED', event: 'dispute_challenged', origin: 'processor' },
  { type: 'CHARGEBACK_REVERSED', when: disputeStatus('Pending'), event: 'dispute_challenged', origin: 'bank' },
  // Not final: a second chargeback may follow.
  { type: 'CHARGEBACK_REVERSED', event: 'dispute_won', origin: 'bank' },
  { type: 'SECOND_CHARGEBACK', event: 'dispute_lost', origin: 'bank' },
  { type: 'PREARBITRATION_OPEN', event: 'dispute_opened', origin: 'bank' },
  { type: 'PREARBITRATION_WON', when: disputeStatus('Pending'), event: 'dispute_opened', origin: 'bank' },
  { type: 'PREARBITRATION_WON', event: 'dispute_won', origin: 'bank' },
  { type: 'PREARBITRATION_LOST', event: 'dispute_lost', origin: 'bank' },
  { type: 'PREARBITRATION_ACCEPTED', event: 'dispute_accepted', origin: 'bank' },
  { type: 'PREARBITRATION_DECLINED', event: 'dispute_challenged', origin: 'bank' },
  { type: 'PREARBITRATION_ISSUER_WITHDRAWN', event: 'dispute_cancelled', origin: 'bank' },
  { type: 'SCHEME_ARBITRATION', event: 'dispute_challenged', origin: 'bank' },
  { type: 'SCHEME_ARBITRATION_WON', event: 'dispute_won', origin: 'bank' },
  { type: 'SCHEME_ARBITRATION_LOST', event: 'dispute_lost', origin: 'bank' },
  // Also sent when liability was accepted.
  { type: 'DISPUTE_DEFENSE_PERIOD_ENDED', event: 'dispute_expired', origin: 'bank' },
  { type: 'ISSUER_RESPONSE_TIMEFRAME_EXPIRED', event: 'dispute_won', origin: 'bank' },

  { type: 'RECURRING_CONTRACT', event: null },
  { type: 'ISSUER_COMMENTS', event: null },
  { type: 'NOTIFICATION_OF_FRAUD', event: null },
  { type: 'REPORT_AVAILABLE', event: null },
  { type: 'AUTORESCUE', event: null },
  { type: 'ORDER_*', event: null },
  { type: 'PAYOUT_*', event: null },
]);
