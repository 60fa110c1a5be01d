import { createHash, createHmac, sign } from 'node:crypto';
import adyenModule from '@adyen/api-library/lib/src/utils/hmacValidator.js';
import Stripe from 'stripe';

/** Node gives an ES module all of a CommonJS module's exports as its default; CommonJS output unwraps them. */
const HmacValidator = 'default' in adyenModule ? adyenModule.default : adyenModule;

type Signable = Parameters<InstanceType<typeof HmacValidator>['calculateHmac']>[0];

/**
 * Signs a body with Stripe's own library.
 *
 * @param t unix seconds
 * @returns the value of `Stripe-Signature`
 */
export function signStripe(body: string | Buffer, secret: string, t: number): string {
  return Stripe.webhooks.generateTestHeaderString({ payload: body.toString(), secret, timestamp: t });
}

/**
 * Signs items with Adyen's own library.
 *
 * @param hexKey the HMAC key as the Customer Area shows it
 * @returns the body of a notification with these items, each with its `additionalData.hmacSignature`
 */
export function signAdyenItems(items: readonly object[], hexKey: string): string {
  const validator = new HmacValidator();
  const signed = items.map((item) => {
    const hmacSignature = validator.calculateHmac(item as Signable, hexKey);
    const additionalData = 'additionalData' in item ? item.additionalData : undefined;
    return { NotificationRequestItem: { ...item, additionalData: { ...(additionalData as object), hmacSignature } } };
  });
  return JSON.stringify({ live: 'false', notificationItems: signed });
}

/**
 * Signs a body as GoCardless does; its library only verifies.
 *
 * @returns the value of `Webhook-Signature`
 */
export function signGoCardless(body: string | Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * Signs a Braintree payload, the text of `bt_payload`. Its library signs samples of its own only, and confirms this.
 *
 * @returns the body of a notification
 */
export function signBraintree(payload: string, keys: { public_key: string; private_key: string }): string {
  const key = createHash('sha1').update(keys.private_key).digest();
  const signature = createHmac('sha1', key).update(payload).digest('hex');
  return new URLSearchParams({ bt_signature: `${keys.public_key}|${signature}`, bt_payload: payload }).toString();
}

/**
 * Signs a body as Square does; its library only verifies.
 *
 * @param url the notification URL as registered
 * @returns the value of `x-square-hmacsha256-signature`
 */
export function signSquare(body: string | Buffer, key: string, url: string): string {
  return createHmac('sha256', key).update(url).update(body).digest('base64');
}

/**
 * Signs a body as Checkout.com does; its library knows nothing of signatures.
 *
 * @returns the value of `Cko-Signature`
 */
export function signCheckout(body: string | Buffer, key: string): string {
  return createHmac('sha256', key).update(body).digest('hex');
}

/**
 * Signs a body as Razorpay does; its library only verifies.
 *
 * @returns the value of `X-Razorpay-Signature`
 */
export function signRazorpay(body: string | Buffer, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/**
 * Signs a body as Worldpay does.
 *
 * @returns the value of `Event-Signature`, with this one signature
 */
export function signWorldpay(
  body: string | Buffer,
  secret: string,
  keyId: string,
  secretEncoding: 'utf8' | 'hex' = 'utf8',
): string {
  const signature = createHmac('sha256', Buffer.from(secret, secretEncoding)).update(body).digest('hex');
  return `${keyId}/SHA256/${signature}`;
}

/**
 * Signs a body as Authorize.Net does; its library knows nothing of notifications.
 *
 * @returns the value of `X-ANET-Signature`
 */
export function signAuthorizeNet(body: string | Buffer, signatureKey: string): string {
  return `sha512=${createHmac('sha512', signatureKey).update(body).digest('hex').toUpperCase()}`;
}

/** What PayPal signs besides the body. */
interface PayPalDelivery {
  /** `PAYPAL-TRANSMISSION-ID`. */
  id: string;
  /** `PAYPAL-TRANSMISSION-TIME`. */
  time: string;
  webhookId: string;
}

/**
 * Signs a body as PayPal does; it has no library that knows of it.
 *
 * @param privateKey RSA, PEM
 * @returns the value of `PAYPAL-TRANSMISSION-SIG`
 */
export function signPayPal(body: Buffer, delivery: PayPalDelivery, privateKey: string): string {
  return sign('sha256', Buffer.from(payPalSignedText(body, delivery)), privateKey).toString('base64');
}

/** The text that PayPal signs, with a CRC-32 of its own, bit by bit (ISO 3309). */
export function payPalSignedText(body: Buffer, { id, time, webhookId }: PayPalDelivery): string {
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return `${id}|${time}|${webhookId}|${(crc ^ 0xffffffff) >>> 0}`;
}

/**
 * Signs a body as Mollie's next-generation webhooks are; its library signs only later than one can wait for here, and
 * confirms this.
 *
 * @returns the value of `X-Mollie-Signature`
 */
export function signMollie(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Signs what a notification of Mercado Pago names; its library only verifies.
 *
 * @param parts `data.id` of the query, `x-request-id` and the time; a part without a value is left out
 * @returns the value of `x-signature`
 */
export function signMercadoPago(parts: { id?: string; requestId?: string; ts: string }, secret: string): string {
  const named = Object.entries({ id: parts.id, 'request-id': parts.requestId, ts: parts.ts });
  const manifest = named.map(([name, value]) => (value === undefined ? '' : `${name}:${value};`)).join('');
  return `ts=${parts.ts},v1=${createHmac('sha256', secret).update(manifest).digest('hex')}`;
}
