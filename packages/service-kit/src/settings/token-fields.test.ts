import { generateKeyPairSync } from 'node:crypto';
import { defineSettings, fields, loadSettings, oneTokenKey, tokenFields, tokenSettingsOf } from '../index.ts';

const definition = defineSettings({ ENVIRONMENT: fields.environment, ...tokenFields }, [oneTokenKey]);
const base = { ENVIRONMENT: 'sandbox', JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'webhooks' };
const load = (env: Record<string, string>) => tokenSettingsOf(loadSettings(definition, { ...base, ...env }));

const secret = 'a secret of at least 32 bytes....';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

describe('token settings', () => {
  it('come from one secret, public keys or a JWKS URL', () => {
    expect(load({ JWT_SECRET: secret })).toEqual({
      issuer: 'https://id.example',
      audience: 'webhooks',
      environment: 'sandbox',
      keys: { kind: 'secret', secret },
    });
    expect(load({ JWT_PUBLIC_KEYS: pem }).keys).toEqual({ kind: 'public', keys: pem });
    const url = 'https://id.example/.well-known/jwks.json';
    expect(load({ JWT_JWKS_URL: url }).keys).toEqual({ kind: 'jwks', url });
  });

  it.each([
    ['no key', {}, 'JWT_SECRET: is missing'],
    ['two sources', { JWT_SECRET: secret, JWT_PUBLIC_KEYS: pem }, 'is set together with JWT_PUBLIC_KEYS'],
    ['a short secret', { JWT_SECRET: 'x'.repeat(31) }, 'at least 32 bytes'],
    ['an empty issuer', { JWT_SECRET: secret, JWT_ISSUER: '' }, 'JWT_ISSUER: is missing'],
    ['an empty audience', { JWT_SECRET: secret, JWT_AUDIENCE: '' }, 'JWT_AUDIENCE: is missing'],
    ['what is no key', { JWT_PUBLIC_KEYS: 'hello' }, 'no usable public key'],
  ])('refuse %s', (_what, env, message) => {
    expect(() => load(env)).toThrow(message);
  });

  it('refuse private keys and short ones', () => {
    const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => load({ JWT_PUBLIC_KEYS: privatePem })).toThrow('holds a private key');
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const shortPem = short.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => load({ JWT_PUBLIC_KEYS: shortPem })).toThrow('neither RSA from 2048 bits nor P-256');
  });
});
