import { z } from 'zod';

/** A shared secret of the `Event-Signature`. Worldpay gives the next secret the next key id. */
export const worldpayCredential = z.strictObject({
  key_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'is the key id before the first slash of Event-Signature, such as 1')
    .optional()
    .describe(
      'The key id of this secret, the first part of Event-Signature; when it is given, only signatures of it count',
    ),
  signing_secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,512}$/, 'is the shared secret: 8 to 512 printable characters without spaces')
    .describe('The shared secret, as the Implementation Manager gave it'),
});

export const worldpaySettings = z.strictObject({
  secret_encoding: z
    .enum(['utf8', 'hex'])
    .default('utf8')
    .describe('Whether the secret is used as text, or as the bytes that its hexadecimal digits stand for'),
  sent_for_settlement_means_succeeded: z
    .boolean()
    .default(false)
    .describe('This account is sent no settled events: a payment succeeded when it was sent for settlement'),
});

export type WorldpayCredential = z.infer<typeof worldpayCredential>;
export type WorldpaySettings = z.infer<typeof worldpaySettings>;
