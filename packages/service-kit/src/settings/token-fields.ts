import { z } from 'zod';
import { PublicKeyError, parsePublicKeys } from '../tokens/public-keys.ts';
import type { TokenSettings } from '../tokens/token-settings.ts';
import { publicUrlText } from './parse.ts';
import { type Setting, type SettingsOf, type SettingsRule, setting } from './setting.ts';

const MIN_SECRET_BYTES = 32;

/** The settings of a service that accepts tokens; spread them, add `oneTokenKey` to the rules. */
export const tokenFields = {
  JWT_SECRET: setting({
    schema: z
      .string()
      .refine((text) => Buffer.byteLength(text) >= MIN_SECRET_BYTES)
      .optional(),
    description: 'Shared secret of HS256 tokens; with it this installation mints its own.',
    expected: `at least ${MIN_SECRET_BYTES} bytes of text`,
    secret: true,
  }),
  JWT_PUBLIC_KEYS: setting({
    schema: z
      .string()
      .superRefine((text, context) => {
        try {
          parsePublicKeys(text);
        } catch (error) {
          const message = error instanceof PublicKeyError ? error.message : 'not a key';
          context.addIssue({ code: 'custom', message });
        }
      })
      .optional(),
    description: 'Public keys of the identity provider that mints tokens.',
    expected: 'one or more PEM public keys or a JWK set; RSA from 2048 bits (RS256) or P-256 (ES256)',
    file: true,
    show: () => '(set)',
  }),
  JWT_JWKS_URL: setting({
    schema: publicUrlText.optional(),
    description: 'Where the identity provider publishes its keys; read through the guarded client, kept in memory.',
    expected: 'an http(s) URL of a JWK set',
  }),
  JWT_ISSUER: setting({
    schema: z.string().min(1),
    description: 'The `iss` that every token must carry.',
    expected: 'text that is not empty',
  }),
  JWT_AUDIENCE: setting({
    schema: z.string().min(1),
    description: 'The `aud` that every token must carry.',
    expected: 'text that is not empty',
  }),
} satisfies Record<string, Setting>;

const KEY_SOURCES = ['JWT_SECRET', 'JWT_PUBLIC_KEYS', 'JWT_JWKS_URL'] as const;

/** Exactly one source of keys, so that no token can choose between a secret and a public key. */
export const oneTokenKey: SettingsRule = (values) => {
  const present = KEY_SOURCES.filter((name) => values[name] !== undefined);
  if (present.length === 1) return [];
  const expected = `exactly one of ${KEY_SOURCES.join(', ')}`;
  if (present.length === 0) return [{ name: 'JWT_SECRET', problem: 'is missing', expected }];
  return [
    { name: present[0] ?? 'JWT_SECRET', problem: `is set together with ${present.slice(1).join(', ')}`, expected },
  ];
};

type TokenValues = SettingsOf<{ shape: typeof tokenFields; rules: [] }> & { ENVIRONMENT: 'sandbox' | 'production' };

/** What `createTokenVerifier` and `mintToken` take, from a service's settings. */
export function tokenSettingsOf(values: TokenValues): TokenSettings {
  const base = { issuer: values.JWT_ISSUER, audience: values.JWT_AUDIENCE, environment: values.ENVIRONMENT };
  if (values.JWT_SECRET !== undefined) return { ...base, keys: { kind: 'secret', secret: values.JWT_SECRET } };
  if (values.JWT_PUBLIC_KEYS !== undefined) return { ...base, keys: { kind: 'public', keys: values.JWT_PUBLIC_KEYS } };
  return { ...base, keys: { kind: 'jwks', url: values.JWT_JWKS_URL ?? '' } };
}
