import { isCurrency } from '@owngateway/domain';
import { z } from 'zod';

/** The Signature Key of an account: its 128 characters are the key as they stand, not the bytes they could mean. */
export const authorizeNetCredential = z.strictObject({
  signature_key: z
    .string()
    .regex(/^[0-9A-Fa-f]{128}$/, 'is the Signature Key as Authorize.Net shows it: 128 hexadecimal digits')
    .describe('The account’s Signature Key'),
});

export const authorizeNetSettings = z.strictObject({
  currency: z
    .string()
    .refine(isCurrency, 'is a currency of ISO 4217, in upper case')
    .default('USD')
    .describe('The currency of this account; notifications name none'),
});

export type AuthorizeNetCredential = z.infer<typeof authorizeNetCredential>;
export type AuthorizeNetSettings = z.infer<typeof authorizeNetSettings>;
