import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about a fetched thing besides its kind and status. */
export interface MercadoPagoState {
  /** `status_detail` */
  statusDetail?: string | null;
  /** A refunded payment that says which refunds it had. */
  namesRefunds?: boolean;
  /** `resolution.benefited` of a claim. */
  benefited?: readonly unknown[];
  /** `coverage_applied` of a chargeback. */
  isCovered?: boolean;
}

const statusDetail = (detail: string): Condition<MercadoPagoState> => ({
  text: `status_detail is ${detail}`,
  holds: (state) => state.statusDetail === detail,
});

const namesRefunds: Condition<MercadoPagoState> = {
  text: 'its refunds are named',
  holds: (state) => state.namesRefunds === true,
};

const benefited = (role: string): Condition<MercadoPagoState> => ({
  text: `resolution.benefited has ${role}`,
  holds: (state) => state.benefited?.includes(role) === true,
});

const covered: Condition<MercadoPagoState> = {
  text: 'coverage_applied is true',
  holds: (state) => state.isCovered === true,
};

/**
 * What was fetched, as its kind and status, and topics of which nothing is fetched (mercadopago.com/developers, webhooks;
 * the statuses from its API reference). A chargeback's status is `documentation_status`.
 */
export const mercadoPagoMapping = mappingTable<MercadoPagoState>([
  { type: 'payment.approved', event: 'payment_succeeded', origin: 'processor' },
  { type: 'payment.pending', when: statusDetail('pending_challenge'), event: 'action_required', origin: 'processor' },
  { type: 'payment.pending', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.in_process', event: 'payment_processing', origin: 'processor' },
  { type: 'payment.authorized', event: 'payment_processing', detail: 'authorized', origin: 'processor' },
  { type: 'payment.rejected', event: 'payment_failed', origin: 'processor' },
  {
    type: 'payment.cancelled',
    when: statusDetail('expired'),
    event: 'payment_failed',
    detail: 'expired',
    origin: 'processor',
  },
  { type: 'payment.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'payment.in_mediation', event: 'dispute_opened', origin: 'processor' },
  { type: 'payment.refunded', when: namesRefunds, event: null },
  { type: 'payment.refunded', event: 'refund_succeeded', origin: 'processor' },
  // The money came back, which the chargeback says better.
  { type: 'payment.charged_back', when: statusDetail('reimbursed'), event: null },
  { type: 'payment.charged_back', event: 'chargeback', origin: 'bank' },
  { type: 'refund.approved', event: 'refund_succeeded', origin: 'processor' },
  { type: 'refund.in_process', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.authorized', event: 'refund_initiated', origin: 'processor' },
  { type: 'refund.rejected', event: 'refund_failed', origin: 'processor' },
  { type: 'refund.cancelled', event: 'refund_failed', detail: 'cancelled', origin: 'processor' },

  // Payments and refunds of the Orders API, which has words of its own.
  { type: 'order_payment.processed', event: 'payment_succeeded', origin: 'processor' },
  { type: 'order_payment.processing', event: 'payment_processing', origin: 'processor' },
  { type: 'order_payment.in_review', event: 'payment_processing', origin: 'processor' },
  {
    type: 'order_payment.action_required',
    when: statusDetail('waiting_capture'),
    event: 'payment_processing',
    detail: 'authorized',
    origin: 'processor',
  },
  { type: 'order_payment.action_required', event: 'action_required', origin: 'processor' },
  { type: 'order_payment.failed', event: 'payment_failed', origin: 'processor' },
  { type: 'order_payment.canceled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'order_payment.cancelled', event: 'payment_failed', detail: 'cancelled', origin: 'processor' },
  { type: 'order_payment.expired', event: 'payment_failed', detail: 'expired', origin: 'processor' },
  { type: 'order_payment.refunded', when: namesRefunds, event: null },
  { type: 'order_payment.refunded', event: 'refund_succeeded', origin: 'processor' },
  { type: 'order_payment.charged_back', when: statusDetail('reimbursed'), event: null },
  { type: 'order_payment.charged_back', event: 'chargeback', origin: 'bank' },
  { type: 'order_payment.created', event: null },
  { type: 'order_payment.at_terminal', event: null },
  { type: 'order_refund.processed', event: 'refund_succeeded', origin: 'processor' },
  { type: 'order_refund.processing', event: 'refund_initiated', origin: 'processor' },
  { type: 'order_refund.failed', event: 'refund_failed', origin: 'processor' },

  { type: 'chargeback.pending', event: 'dispute_opened', origin: 'bank' },
  { type: 'chargeback.review_pending', event: 'dispute_challenged', origin: 'bank' },
  { type: 'chargeback.valid', event: 'dispute_won', origin: 'bank' },
  { type: 'chargeback.invalid', event: 'dispute_lost', origin: 'bank' },
  { type: 'chargeback.not_supplied', event: 'dispute_expired', origin: 'bank' },
  // Nobody is asked for anything: it is decided already.
  { type: 'chargeback.not_applicable', when: covered, event: 'dispute_won', origin: 'bank' },
  { type: 'chargeback.not_applicable', event: 'dispute_lost', origin: 'bank' },

  { type: 'claim.opened', event: 'dispute_opened', origin: 'processor' },
  // The seller may keep the money though the buyer is refunded.
  { type: 'claim.closed', when: benefited('respondent'), event: 'dispute_won', origin: 'processor' },
  { type: 'claim.closed', when: benefited('complainant'), event: 'dispute_lost', origin: 'processor' },
  { type: 'claim.closed', event: null },

  { type: 'subscription_preapproval.*', event: 'subscription_status_changed', origin: 'processor' },
  // A charge that has no payment yet; with one it is told as payment.*.
  { type: 'subscription_authorized_payment.*', event: null },
  { type: 'subscription_preapproval_plan', event: null },

  { type: 'merchant_order', event: null },
  { type: 'topic_merchant_order_wh', event: null },
  { type: 'point_integration_wh', event: null },
  { type: 'delivery', event: null },
  { type: 'stop_delivery_op_wh', event: null },
  { type: 'topic_card_id_wh', event: null },
  { type: 'mp-connect', event: null },
]);
