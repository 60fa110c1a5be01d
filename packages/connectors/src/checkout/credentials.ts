import { z } from 'zod';

/** The signature key of a webhook, used as text, with the fixed `Authorization` value of the same webhook if it has one. */
export const checkoutCredential = z.strictObject({
  signature_key: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the webhook’s signature key: 8 to 255 printable characters without spaces')
    .describe('The webhook’s signature key'),
  authorization: z
    .string()
    .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,1021}[\x21-\x7e])?$/, 'is a header value: 1 to 1,023 printable characters')
    .optional()
    .describe('The authorization header key set on the webhook; asked for as well when it is given'),
});

export const checkoutSettings = z.strictObject({});

export type CheckoutCredential = z.infer<typeof checkoutCredential>;
export type CheckoutSettings = z.infer<typeof checkoutSettings>;
