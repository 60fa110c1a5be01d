import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';

/** What libraries that are not ours say about a delivery's signatures. */
export interface SignatureVerdict {
  /** `webhook-signature`, by `standardwebhooks`. */
  standardWebhooks: boolean;
  /** `X-Signature`, by Stripe's own library (002.14). */
  stripe: boolean;
}

/**
 * Verifies a delivery as a merchant would who has never seen our code: both libraries also refuse a time that is more
 * than five minutes off.
 */
export function judgeSignatures(body: string, headers: IncomingHttpHeaders, secret: string): SignatureVerdict {
  return {
    standardWebhooks: accepts(() => new Webhook(secret).verify(body, singleHeaders(headers))),
    stripe: accepts(() => Stripe.webhooks.constructEvent(body, String(headers['x-signature']), secret)),
  };
}

function accepts(verify: () => unknown): boolean {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
}

function singleHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') single[name] = value;
  return single;
}
