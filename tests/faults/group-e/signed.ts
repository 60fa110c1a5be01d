import { createHmac } from 'node:crypto';

/** The headers that make these bytes Stripe's; its own library signs text only (docs.stripe.com/webhooks/signature). */
export function stripeHeaders(body: string | Uint8Array, secret: string, now = new Date()): Record<string, string> {
  const t = Math.floor(now.getTime() / 1_000);
  const mac = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  return { 'stripe-signature': `t=${t},v1=${mac}` };
}

/** A payment of Stripe's that succeeded, around what a row puts into it. */
export function stripeBody(key: string, object: object = {}): string {
  return JSON.stringify({
    id: `evt_${key}`,
    object: 'event',
    created: Math.floor(Date.now() / 1_000),
    type: 'payment_intent.succeeded',
    data: {
      object: {
        id: `pi_${key}`,
        object: 'payment_intent',
        amount: 2000,
        amount_received: 2000,
        currency: 'usd',
        status: 'succeeded',
        metadata: {},
        ...object,
      },
    },
  });
}

/** A whole request to a webhook URL, as text whose bytes are latin1. */
export function requestText(url: string, body: string, headers: Readonly<Record<string, string>>): string {
  const { pathname, host } = new URL(url);
  const lines = Object.entries({ host, ...headers, 'content-length': String(Buffer.byteLength(body)) });
  return [`POST ${pathname} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
