import { z } from 'zod';

/** The signature key of one webhook subscription; used as text. */
export const squareCredential = z.strictObject({
  signature_key: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the signature key: 8 to 255 printable characters without spaces')
    .describe('The webhook subscription’s signature key'),
});

export const squareSettings = z.strictObject({
  notification_url: z
    .string()
    .regex(/^https?:\/\/[\x21-\x7e]{1,2000}$/, 'is the notification URL, character for character as Square has it')
    .optional()
    .describe('The notification URL as Square has it, where it is not this account’s webhook URL: Square signs it'),
});

export type SquareCredential = z.infer<typeof squareCredential>;
export type SquareSettings = z.infer<typeof squareSettings>;
