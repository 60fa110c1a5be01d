import { z } from 'zod';

/** One signing secret of a webhook endpoint, as the dashboard shows it; the `whsec_` is part of the key. */
export const stripeCredential = z.strictObject({
  signing_secret: z
    .string()
    .regex(/^whsec_[\x21-\x7e]{8,250}$/, 'is the signing secret as Stripe shows it, with whsec_')
    .describe('The endpoint’s signing secret, with whsec_'),
});

export const stripeSettings = z.strictObject({
  tolerance_s: z
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('How many seconds the signed time may differ from ours, either way'),
});

export type StripeCredential = z.infer<typeof stripeCredential>;
export type StripeSettings = z.infer<typeof stripeSettings>;
