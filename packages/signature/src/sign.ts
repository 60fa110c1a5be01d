import { createHmac, type KeyObject } from 'node:crypto';
import { WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, X_SIGNATURE } from './headers.ts';
import type { SignatureKey } from './secret.ts';

/** The headers that prove where a delivery comes from. */
export interface SignatureHeaders {
  [X_SIGNATURE]: string;
  [WEBHOOK_ID]: string;
  [WEBHOOK_TIMESTAMP]: string;
  [WEBHOOK_SIGNATURE]: string;
}

export interface SignRequest {
  /** Every secret that is valid now, the newest first; two while one is being rotated. */
  keys: readonly SignatureKey[];
  /** The event id: the same on every attempt. No dot, since dots separate what is signed. */
  id: string;
  /** Unix seconds of this attempt. */
  timestamp: number;
  /** The exact bytes that are sent, or the text that they are the UTF-8 of. */
  body: string | Uint8Array;
}

const ID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Signs a delivery in two ways at once: `X-Signature: t=...,v1=<hex>` over `t.body` (the form of 000 and of Stripe's
 * libraries) and Standard Webhooks' `webhook-signature: v1,<base64>` over `id.t.body`. Throws a RangeError on an id or
 * timestamp that would make the signed text ambiguous, and without any key.
 */
export function sign(request: SignRequest): SignatureHeaders {
  const { keys, id, timestamp, body } = request;
  if (!ID.test(id)) throw new RangeError('the id must be 1-128 letters, digits, _ or -');
  if (!Number.isSafeInteger(timestamp) || timestamp < 0) throw new RangeError('the timestamp must be unix seconds');
  if (keys.length === 0) throw new RangeError('at least one key is needed');
  const hex = keys.map((key) => `v1=${hmac(key.text, `${timestamp}.`, body).toString('hex')}`);
  const base64 = keys.map((key) => `v1,${hmac(key.bytes, `${id}.${timestamp}.`, body).toString('base64')}`);
  return {
    [X_SIGNATURE]: `t=${timestamp},${hex.join(',')}`,
    [WEBHOOK_ID]: id,
    [WEBHOOK_TIMESTAMP]: String(timestamp),
    [WEBHOOK_SIGNATURE]: base64.join(' '),
  };
}

/** HMAC-SHA256 over a prefix and a body, without joining them first. */
export function hmac(key: KeyObject, prefix: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(prefix).update(body).digest();
}
