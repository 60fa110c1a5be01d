import { signAdyenItems, signGoCardless, signStripe } from '@owngateway/connectors/testing';
import type { Fact } from './fact.ts';

/** A signed request, ready to be posted to a merchant's webhook URL. */
export interface Notification {
  body: string;
  headers: Readonly<Record<string, string>>;
  /** What it says, without the merchant, whom only the URL names. */
  says: readonly Omit<Fact, 'merchantId'>[];
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** A payment at Stripe that succeeded; `key` makes it unlike every other one. */
export function stripePayment(key: string, secret: string, now = new Date()): Notification {
  return stripePaymentThat('succeeded', key, secret, now);
}

/** The same payment when it failed, before it succeeded after all. */
export function stripeFailedPayment(key: string, secret: string, now = new Date()): Notification {
  return stripePaymentThat('payment_failed', key, secret, now);
}

const STRIPE_OUTCOMES = {
  succeeded: { status: 'succeeded', received: 2000, event: 'payment_succeeded' },
  payment_failed: { status: 'requires_payment_method', received: 0, event: 'payment_failed' },
};

function stripePaymentThat(
  outcome: keyof typeof STRIPE_OUTCOMES,
  key: string,
  secret: string,
  now: Date,
): Notification {
  const { status, received, event } = STRIPE_OUTCOMES[outcome];
  const created = Math.floor(now.getTime() / 1000);
  const reference = `pi_${key}`;
  const body = JSON.stringify({
    id: outcome === 'succeeded' ? `evt_${key}` : `evt_${key}_${outcome}`,
    object: 'event',
    api_version: '2026-01-01',
    created,
    livemode: true,
    type: `payment_intent.${outcome}`,
    data: {
      object: {
        id: reference,
        object: 'payment_intent',
        amount: 2000,
        amount_received: received,
        currency: 'usd',
        status,
        customer: null,
        last_payment_error: null,
        metadata: { order_id: `order-${key}` },
      },
    },
  });
  return {
    body,
    headers: { ...JSON_TYPE, 'stripe-signature': signStripe(body, secret, created) },
    says: [{ type: event, reference }],
  };
}

/** One notification of Adyen with three items about one payment: authorised, captured, refunded. */
export function adyenPayment(key: string, hexKey: string, now = new Date()): Notification {
  const payment = `PAY${key}`;
  const refund = `REF${key}`;
  const item = (eventCode: string, more: object) => ({
    additionalData: {},
    amount: { currency: 'EUR', value: 1000 },
    eventCode,
    eventDate: now.toISOString(),
    merchantAccountCode: 'OwnGatewayTest',
    merchantReference: `order-${key}`,
    paymentMethod: 'visa',
    reason: '',
    success: 'true',
    ...more,
  });
  const items = [
    item('AUTHORISATION', { pspReference: payment }),
    item('CAPTURE', { pspReference: `CAP${key}`, originalReference: payment }),
    item('REFUND', { pspReference: refund, originalReference: payment }),
  ];
  return {
    body: signAdyenItems(items, hexKey),
    headers: JSON_TYPE,
    says: [
      { type: 'payment_processing', reference: payment },
      { type: 'payment_succeeded', reference: payment },
      { type: 'refund_succeeded', reference: refund },
    ],
  };
}

/** One notification of GoCardless with `count` confirmed payments (they send up to 250 at once). */
export function goCardlessPayments(key: string, count: number, secret: string, now = new Date()): Notification {
  const references = Array.from({ length: count }, (_, index) => `PM${key}${index}`);
  const body = JSON.stringify({
    events: references.map((payment, index) => ({
      id: `EV${key}${index}`,
      created_at: now.toISOString(),
      resource_type: 'payments',
      action: 'confirmed',
      links: { payment },
      details: { origin: 'gocardless', cause: 'payment_confirmed', description: 'Payment was confirmed.' },
      metadata: {},
      resource_metadata: { order_id: `order-${key}-${index}` },
    })),
    meta: { webhook_id: `WB${key}` },
  });
  return {
    body,
    headers: { ...JSON_TYPE, 'webhook-signature': signGoCardless(body, secret) },
    says: references.map((reference) => ({ type: 'payment_succeeded', reference })),
  };
}
