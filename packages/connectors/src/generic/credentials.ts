import { z } from 'zod';

/** The one secret of an account; what it is a key of, and how it is decoded, says the definition. */
export const genericCredential = z.strictObject({
  secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,1024}$/, 'is the shared secret: 8 to 1,024 printable characters without spaces')
    .describe('The secret that is shared with the provider, as it shows it'),
});

export type GenericCredential = z.infer<typeof genericCredential>;
