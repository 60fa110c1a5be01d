import { type Condition, mappingTable } from '../mapping/mapping-table.ts';

/** What decides about an Authorize.Net event besides its type. */
export interface AuthorizeNetFact {
  /** `payload.responseCode`: 1 approved, 2 declined, 3 error, 4 held for review. */
  responseCode: string | null;
}

const responseCode = (...codes: string[]): Condition<AuthorizeNetFact> => ({
  text: `responseCode is ${codes.join(' or ')}`,
  holds: (fact) => fact.responseCode !== null && codes.includes(fact.responseCode),
});
const approved = responseCode('1');
const notApproved = responseCode('2', '3');
const held = responseCode('4');

/**
 * Authorize.Net's events (developer.authorize.net/api/reference/features/webhooks). Disputes and returns of electronic checks
 * are told by none of them.
 */
export const authorizeNetMapping = mappingTable<AuthorizeNetFact>([
  {
    type: 'net.authorize.payment.authorization.created',
    when: approved,
    event: 'payment_processing',
    detail: 'authorized',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.authorization.created',
    when: held,
    event: 'payment_processing',
    detail: 'held',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.authorization.created',
    when: notApproved,
    event: 'payment_failed',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.authcapture.created',
    when: approved,
    event: 'payment_succeeded',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.authcapture.created',
    when: held,
    event: 'payment_processing',
    detail: 'held',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.authcapture.created',
    when: notApproved,
    event: 'payment_failed',
    origin: 'processor',
  },
  { type: 'net.authorize.payment.capture.created', when: approved, event: 'payment_succeeded', origin: 'processor' },
  {
    type: 'net.authorize.payment.capture.created',
    when: held,
    event: 'payment_processing',
    detail: 'held',
    origin: 'processor',
  },
  { type: 'net.authorize.payment.capture.created', when: notApproved, event: 'payment_failed', origin: 'processor' },
  {
    type: 'net.authorize.payment.priorAuthCapture.created',
    when: approved,
    event: 'payment_succeeded',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.priorAuthCapture.created',
    when: held,
    event: 'payment_processing',
    detail: 'held',
    origin: 'processor',
  },
  {
    type: 'net.authorize.payment.priorAuthCapture.created',
    when: notApproved,
    event: 'payment_failed',
    origin: 'processor',
  },
  { type: 'net.authorize.payment.fraud.held', event: 'payment_processing', detail: 'held', origin: 'processor' },
  // It does not say whether the payment was captured: who only authorises must wait for the capture.
  { type: 'net.authorize.payment.fraud.approved', event: 'payment_succeeded', origin: 'processor' },
  { type: 'net.authorize.payment.fraud.declined', event: 'payment_failed', detail: 'declined', origin: 'processor' },
  { type: 'net.authorize.payment.void.created', event: 'payment_failed', detail: 'voided', origin: 'processor' },

  // Of refunds only those that succeeded are told.
  { type: 'net.authorize.payment.refund.created', event: 'refund_succeeded', origin: 'processor' },

  { type: 'net.authorize.customer.created', event: 'customer_created', origin: 'processor' },
  { type: 'net.authorize.customer.updated', event: 'customer_updated', origin: 'processor' },
  { type: 'net.authorize.customer.deleted', event: 'customer_updated', detail: 'deleted', origin: 'processor' },
  {
    type: 'net.authorize.customer.paymentProfile.created',
    event: 'customer_updated',
    detail: 'payment_method_created',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.paymentProfile.updated',
    event: 'customer_updated',
    detail: 'payment_method_updated',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.paymentProfile.deleted',
    event: 'customer_updated',
    detail: 'payment_method_deleted',
    origin: 'processor',
  },

  {
    type: 'net.authorize.customer.subscription.created',
    event: 'subscription_status_changed',
    detail: 'created',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.updated',
    event: 'subscription_status_changed',
    detail: 'updated',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.suspended',
    event: 'subscription_status_changed',
    detail: 'suspended',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.terminated',
    event: 'subscription_status_changed',
    detail: 'terminated',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.cancelled',
    event: 'subscription_status_changed',
    detail: 'cancelled',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.expiring',
    event: 'subscription_status_changed',
    detail: 'expiring',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.expired',
    event: 'subscription_status_changed',
    detail: 'expired',
    origin: 'processor',
  },
  {
    type: 'net.authorize.customer.subscription.failed',
    event: 'subscription_status_changed',
    detail: 'failed',
    origin: 'processor',
  },
]);
