import { createHmac } from 'node:crypto';
import { paymentIntentOf } from '../receiver/event-number.ts';
import type { ReadyRequest } from './notifications.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = Buffer.from(SECRET.slice('whsec_'.length), 'base64');

/**
 * What a merchant is sent, made with nothing but node:crypto: the body of `sample` about another payment, signed in both
 * schemes, with the headers that the product sends. The yardstick for what signing and posting alone costs.
 */
export function signedMerchantRequest(number: number, target: number, sample: string): ReadyRequest {
  const unixSeconds = Math.floor(Date.now() / 1_000);
  const text = sample.replaceAll(/pi_bench_\d+/g, paymentIntentOf(number));
  const body = Buffer.from(text);
  const id = `evt_${String(number).padStart(32, '0')}`;
  const hex = createHmac('sha256', SECRET).update(`${unixSeconds}.`).update(body).digest('hex');
  const base64 = createHmac('sha256', KEY).update(`${id}.${unixSeconds}.`).update(body).digest('base64');
  const headers = [
    ...['content-type', 'application/json', 'user-agent', 'OwnGateway-Webhooks'],
    ...['webhook-id', id, 'webhook-timestamp', String(unixSeconds), 'webhook-signature', `v1,${base64}`],
    ...['x-signature', `t=${unixSeconds},v1=${hex}`, 'x-event-type', 'payment_succeeded'],
    ...['x-delivery-id', `dlv_${String(number).padStart(32, '0')}`, 'x-delivery-attempt', '1'],
  ];
  return { target, headers, body };
}
