import { createHmac } from 'node:crypto';
import { paymentIntentOf } from '../receiver/event-number.ts';

/** A request that is ready to be sent. */
export interface ReadyRequest {
  readonly target: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Stripe's notification that a payment has succeeded, about 1 KB as theirs are (docs.stripe.com/api/events/object). */
function stripeEvent(number: number, unixSeconds: number): string {
  const paymentIntent = paymentIntentOf(number);
  return JSON.stringify({
    id: `evt_bench_${number}`,
    object: 'event',
    api_version: '2026-09-30.clover',
    created: unixSeconds,
    data: {
      object: {
        id: paymentIntent,
        object: 'payment_intent',
        amount: 2000,
        amount_capturable: 0,
        amount_received: 2000,
        automatic_payment_methods: { allow_redirects: 'always', enabled: true },
        canceled_at: null,
        capture_method: 'automatic_async',
        client_secret: null,
        confirmation_method: 'automatic',
        created: unixSeconds - 3,
        currency: 'usd',
        customer: 'cus_NffrFeUfNV2Hib',
        description: 'Order 1017, two tickets',
        latest_charge: 'ch_3MtwBwLkdIwHu7ix28a3tqPa',
        livemode: false,
        metadata: { order_id: `A-${number}`, shop: 'berlin', basket: '7f37787c300d51fa' },
        payment_method: 'pm_1MtwBwLkdIwHu7ix0fEFmSZJ',
        payment_method_types: ['card', 'link'],
        receipt_email: 'customer@shop.example',
        setup_future_usage: null,
        status: 'succeeded',
      },
    },
    livemode: false,
    pending_webhooks: 1,
    request: { id: 'req_b8Ff2R5o1DqPmc', idempotency_key: '9f2c0d2e-54c1-4a0f-8b0e-3e4d3f6a7b8c' },
    type: 'payment_intent.succeeded',
  });
}

/** One notification as Stripe sends it, signed now (docs.stripe.com/webhooks/signature). */
export function signedNotification(number: number, target: number, secret: string): ReadyRequest {
  const unixSeconds = Math.floor(Date.now() / 1_000);
  const body = Buffer.from(stripeEvent(number, unixSeconds));
  const signature = createHmac('sha256', secret).update(`${unixSeconds}.`).update(body).digest('hex');
  const headers = [
    ...[
      'content-type',
      'application/json; charset=utf-8',
      'user-agent',
      'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    ],
    ...['stripe-signature', `t=${unixSeconds},v1=${signature}`],
  ];
  return { target, headers, body };
}
