import { z } from 'zod';
import { apiBaseUrl } from '../enrichment/api-base-url.ts';

export const MOLLIE_API = 'https://api.mollie.com';

const nextGeneration = z.strictObject({
  signing_secret: z
    .string()
    .regex(/^[\x21-\x7e]{8,255}$/, 'is the webhook’s signing secret: 8 to 255 printable characters without spaces')
    .describe('The signing secret of a next-generation webhook'),
});

const classic = z.strictObject({
  api_key: z
    .string()
    .regex(/^(?:live|test)_[A-Za-z0-9]{10,200}$/, 'is an API key as the dashboard shows it, with live_ or test_')
    .describe('An API key, with which what a notification names is looked up'),
});

/** Either the secret of a next-generation webhook or an API key; an account may have several of both. */
export const mollieCredential = z.union([nextGeneration, classic]);

export const mollieSettings = z.strictObject({ api_base_url: apiBaseUrl(MOLLIE_API) });

export type MollieCredential = z.infer<typeof mollieCredential>;
export type MollieSettings = z.infer<typeof mollieSettings>;

export function signingSecretsOf(credentials: readonly MollieCredential[]): string[] {
  return credentials.flatMap((credential) => ('signing_secret' in credential ? [credential.signing_secret] : []));
}

export function apiKeysOf(credentials: readonly MollieCredential[]): string[] {
  return credentials.flatMap((credential) => ('api_key' in credential ? [credential.api_key] : []));
}
