import { z } from 'zod';

/** The secret that the merchant chose for the webhook, not the API key’s; used as text. */
export const razorpayCredential = z.strictObject({
  webhook_secret: z
    .string()
    .regex(
      /^[\x20-\x7e]{8,255}$/,
      'is the webhook’s secret: 8 to 255 printable characters; choose a longer one if need be',
    )
    .describe('The secret set on the webhook; not the API key’s'),
});

export const razorpaySettings = z.strictObject({});

export type RazorpayCredential = z.infer<typeof razorpayCredential>;
export type RazorpaySettings = z.infer<typeof razorpaySettings>;
