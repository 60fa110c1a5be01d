import { signAdyenItems, signGoCardless, signStripe } from '@owngateway/connectors/testing';

/** A request that a connector would send. */
export interface SignedRequest {
  body: string | Buffer;
  headers: Record<string, string>;
}

export const STRIPE_SECRET = 'whsec_0123456789abcdef';
export const ADYEN_KEY = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
export const GOCARDLESS_SECRET = 'gocardless_secret_of_tests';
export const BRAINTREE_KEYS = { public_key: 'public_of_tests', private_key: 'private_of_tests' };
export const PAYPAL_APP = {
  webhook_id: '5L518819FA0214926',
  client_id: 'client_of_tests',
  client_secret: 'secret_of_tests',
};
export const MOLLIE_KEY = 'test_keyOfIngressTests';

/** An account's fields by connector, as the API would have stored them. */
export const ACCOUNTS = {
  stripe: { connector: 'stripe', credentials: [{ signing_secret: STRIPE_SECRET }], settings: { tolerance_s: 300 } },
  adyen: {
    connector: 'adyen',
    credentials: [{ hmac_key: ADYEN_KEY }],
    settings: { authorised_means_succeeded: true, trust_unsigned_fields: false },
  },
  gocardless: { connector: 'gocardless', credentials: [{ webhook_secret: GOCARDLESS_SECRET }], settings: {} },
  braintree: { connector: 'braintree', credentials: [BRAINTREE_KEYS], settings: {} },
  paypal: { connector: 'paypal', credentials: [PAYPAL_APP], settings: {} },
  mollie: { connector: 'mollie', credentials: [{ api_key: MOLLIE_KEY }], settings: {} },
};

export function stripeEvent(id: string, type = 'payment_intent.succeeded', object: object = {}): object {
  const intent = {
    id: `pi_${id}`,
    object: 'payment_intent',
    amount: 2000,
    amount_received: 2000,
    currency: 'usd',
    status: 'succeeded',
    metadata: { order_id: 'A-17' },
  };
  return { id, object: 'event', type, created: 1_700_000_000, data: { object: { ...intent, ...object } } };
}

export function stripeRequest(
  payload: object | string | Buffer,
  { secret = STRIPE_SECRET, atMs = Date.now() }: { secret?: string; atMs?: number } = {},
): SignedRequest {
  const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  // Stripe's library signs text; bytes that are no text are signed by the caller.
  return { body, headers: { 'stripe-signature': signStripe(body, secret, Math.floor(atMs / 1000)) } };
}

export function adyenRequest(pspReferences: readonly string[]): SignedRequest {
  const items = pspReferences.map((pspReference) => ({
    pspReference,
    originalReference: '',
    merchantAccountCode: 'TestMerchant',
    merchantReference: 'order-1',
    amount: { currency: 'EUR', value: 1000 },
    eventCode: 'AUTHORISATION',
    eventDate: '2026-11-01T10:00:00+01:00',
    success: 'true',
    reason: '',
    paymentMethod: 'visa',
  }));
  return { body: signAdyenItems(items, ADYEN_KEY), headers: { 'content-type': 'application/json' } };
}

export function goCardlessRequest(count: number): SignedRequest {
  const events = Array.from({ length: count }, (_, index) => ({
    id: `EV${index}`,
    created_at: '2026-11-01T00:00:00.000Z',
    resource_type: 'payments',
    action: 'confirmed',
    links: { payment: `PM${index}` },
    details: { origin: 'gocardless', cause: 'payment_confirmed' },
    metadata: {},
  }));
  const body = JSON.stringify({ events, meta: { webhook_id: 'WB1' } });
  return { body, headers: { 'webhook-signature': signGoCardless(body, GOCARDLESS_SECRET) } };
}

/** Shaped as PayPal's are; whether it is genuine is for PayPal's API to say. */
export function payPalRequest(id: string): SignedRequest {
  const body = JSON.stringify({
    id,
    event_version: '1.0',
    create_time: new Date().toISOString(),
    resource_type: 'capture',
    event_type: 'PAYMENT.CAPTURE.COMPLETED',
    resource: { id: `capture-${id}`, status: 'COMPLETED', amount: { currency_code: 'USD', value: '10.00' } },
  });
  const headers = {
    'paypal-transmission-id': '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
    'paypal-transmission-time': new Date().toISOString(),
    'paypal-transmission-sig': Buffer.alloc(256, 7).toString('base64'),
    'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-7a8abba8',
    'paypal-auth-algo': 'SHA256withRSA',
  };
  return { body, headers };
}

/** A classic webhook of Mollie: nothing but an id. */
export function mollieRequest(id: string): SignedRequest {
  return { body: `id=${id}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}

/** What Mollie's API answers about a payment. */
export function molliePayment(id: string, status: string): object {
  return {
    resource: 'payment',
    id,
    mode: 'test',
    status,
    amount: { currency: 'EUR', value: '24.95' },
    description: 'Order #A-17',
    metadata: { order_id: 'A-17' },
    createdAt: '2026-11-01T10:00:00+00:00',
    paidAt: '2026-11-01T10:01:00+00:00',
  };
}

/** Sends it as it is; without a content type unless the request has one. */
export function send(url: string, path: string, { body, headers }: SignedRequest): Promise<Response> {
  const bytes = new Uint8Array(Buffer.from(body));
  return fetch(`${url}${path}`, { method: 'POST', body: bytes, headers, redirect: 'manual' });
}
