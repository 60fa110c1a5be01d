import { z } from 'zod';
import { apiBaseUrl } from '../enrichment/api-base-url.ts';

/** Printable ASCII without spaces; a client id also without the colon that ends it in HTTP's Basic scheme. */
const CLIENT_ID = /^[\x21-\x39\x3b-\x7e]{8,255}$/;
const CLIENT_SECRET = /^[\x21-\x7e]{8,255}$/;

/**
 * A webhook of a PayPal app. Its id stands in no notification: it is part of what PayPal signs, and so says which webhook
 * a notification is for. It is no secret.
 */
export const payPalCredential = z
  .strictObject({
    webhook_id: z
      .string()
      .regex(/^[A-Za-z0-9]{4,50}$/, 'is the webhook’s id: letters and digits')
      .describe('The id of the webhook, as the app shows it beside the URL'),
    client_id: z
      .string()
      .regex(CLIENT_ID, 'is the app’s client id: 8 to 255 printable characters without spaces and colons')
      .optional()
      .describe('The app’s client id; needed when verification is api'),
    client_secret: z
      .string()
      .regex(CLIENT_SECRET, 'is the app’s secret: 8 to 255 printable characters without spaces')
      .optional()
      .describe('The app’s secret; needed when verification is api'),
  })
  .refine(({ client_id, client_secret }) => (client_id === undefined) === (client_secret === undefined), {
    path: ['client_secret'],
    error: 'comes with client_id, or neither comes',
  });

/** PayPal retries for three days, and it is not known whether it signs a retry anew: less would refuse late ones. */
const MIN_TOLERANCE_S = 4 * 86_400;
const MAX_TOLERANCE_S = 30 * 86_400;
const DEFAULT_TOLERANCE_S = 7 * 86_400;

export const payPalSettings = z.strictObject({
  verification: z
    .enum(['certificate', 'api'])
    .default('certificate')
    .describe(
      'Who checks the signature: the gateway, with PayPal’s certificate, or PayPal’s API, with client id and secret',
    ),
  api_base_url: apiBaseUrl('https://api-m.paypal.com').describe(
    'PayPal’s API when verification is api; https://api-m.sandbox.paypal.com in its sandbox',
  ),
  tolerance_s: z
    .int()
    .min(MIN_TOLERANCE_S)
    .max(MAX_TOLERANCE_S)
    .default(DEFAULT_TOLERANCE_S)
    .describe('How many seconds the signed time may differ from ours, either way'),
});

export type PayPalCredential = z.infer<typeof payPalCredential>;
export type PayPalSettings = z.infer<typeof payPalSettings>;
