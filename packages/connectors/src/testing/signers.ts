import { createHash, createHmac } from 'node:crypto';
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
