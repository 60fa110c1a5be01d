import { z } from 'zod';

/** One HMAC key of a standard webhook, with the user name and password of the same webhook if it has them. */
export const adyenCredential = z
  .strictObject({
    hmac_key: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'is the HMAC key as the Customer Area shows it: 64 hexadecimal digits')
      .describe('The webhook’s HMAC key, in hexadecimal'),
    basic_username: z
      .string()
      .regex(/^[^:\p{Cc}]{1,255}$/u, 'has no colon and no control character (RFC 7617, 2)')
      .optional()
      .describe('The user name set on the webhook; recommended'),
    basic_password: z
      .string()
      .regex(/^\P{Cc}{1,255}$/u, 'has no control character (RFC 7617, 2)')
      .optional()
      .describe('The password set on the webhook'),
  })
  .refine(
    (credential) => (credential.basic_username === undefined) === (credential.basic_password === undefined),
    'basic_username and basic_password come together',
  );

export const adyenSettings = z.strictObject({
  authorised_means_succeeded: z
    .boolean()
    .default(false)
    .describe('This account captures automatically: a successful AUTHORISATION is a payment that succeeded'),
  trust_unsigned_fields: z
    .boolean()
    .default(false)
    .describe('Let additionalData.disputeStatus, which is not signed, decide disputes; needs a user name and password'),
});

export type AdyenCredential = z.infer<typeof adyenCredential>;
export type AdyenSettings = z.infer<typeof adyenSettings>;
