import { z } from 'zod';

/** API keys of a Braintree merchant: they also make payments, so the private key is worth more than a webhook secret. */
export const braintreeCredential = z.strictObject({
  public_key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'is the API public key: letters, digits, - and _')
    .describe('The API public key'),
  private_key: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the API private key: 8 to 255 printable characters without spaces')
    .describe('The API private key that belongs to it'),
  merchant_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'is the gateway’s merchant id: letters, digits, - and _')
    .optional()
    .describe('The gateway’s merchant id, to recognise the keys by; nothing is checked against it'),
});

export const braintreeSettings = z.strictObject({});

export type BraintreeCredential = z.infer<typeof braintreeCredential>;
export type BraintreeSettings = z.infer<typeof braintreeSettings>;
