import { z } from 'zod';

/** The secret of a webhook endpoint; used as text. */
export const goCardlessCredential = z.strictObject({
  webhook_secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the endpoint’s secret: 8 to 255 printable characters without spaces')
    .describe('The webhook endpoint’s secret'),
});

export const goCardlessSettings = z.strictObject({});

export type GoCardlessCredential = z.infer<typeof goCardlessCredential>;
export type GoCardlessSettings = z.infer<typeof goCardlessSettings>;
