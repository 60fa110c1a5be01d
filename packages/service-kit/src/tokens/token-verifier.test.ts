import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { createTokenVerifier, mintToken, type TokenSettings, type TokenVerifierOptions } from '../index.ts';

const SECRET = 'a secret of at least 32 bytes....';
const NOW = Date.UTC(2026, 10, 21);
const NOW_S = NOW / 1000;
const settings: TokenSettings = {
  issuer: 'https://id.example',
  audience: 'webhooks',
  environment: 'sandbox',
  keys: { kind: 'secret', secret: SECRET },
};
const claims = {
  iss: 'https://id.example',
  aud: 'webhooks',
  exp: NOW_S + 60,
  sub: 'user_1',
  jti: 'tok_1',
  owner: { level: 'merchant', id: 'm_42' },
  environment: 'sandbox',
  scope: 'events:read openid deliveries:replay',
};

function verify(token: string, from = settings, options: TokenVerifierOptions = {}) {
  return createTokenVerifier(from, { now: () => NOW, ...options }).verify(token);
}

/** A token made by hand: no library stands between the test and what an attacker may send. */
function handmade(payload: unknown, header: object = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('a token under a shared secret', () => {
  it('says who is calling', async () => {
    expect(await verify(handmade(claims))).toEqual({
      ok: true,
      actor: {
        subject: 'user_1',
        owner: { level: 'merchant', id: 'm_42' },
        scopes: new Set(['events:read', 'deliveries:replay']),
        jti: 'tok_1',
        environment: 'sandbox',
        expiresAt: new Date(NOW + 60_000),
      },
    });
  });

  it('minted here is accepted here', async () => {
    const owner = { level: 'operator', id: '*' } as const;
    const request = { subject: 'ops', owner, scopes: ['tokens:write'] as const, jti: 't', expiresInS: 60 };
    const { token, expiresAt } = mintToken(settings, { ...request, now: new Date(NOW) });
    expect(expiresAt).toEqual(new Date(NOW + 60_000));
    expect(await verify(token)).toMatchObject({ ok: true, actor: { subject: 'ops', owner } });
  });

  it.each([
    ['an expired one', { exp: NOW_S - 6 }, 'expired'],
    ['one that is not valid yet', { nbf: NOW_S + 6 }, 'not_yet_valid'],
    ['one without exp', { exp: undefined }, 'wrong_claims'],
    ['one whose exp is text', { exp: String(NOW_S + 60) }, 'malformed'],
    ['one of another issuer', { iss: 'https://evil.example' }, 'wrong_issuer_or_audience'],
    ['one without issuer', { iss: undefined }, 'wrong_issuer_or_audience'],
    ['one for another audience', { aud: 'billing' }, 'wrong_issuer_or_audience'],
    ['one without audience', { aud: undefined }, 'wrong_issuer_or_audience'],
    ['one of the other environment', { environment: 'production' }, 'wrong_environment'],
    ['one without environment', { environment: undefined }, 'wrong_claims'],
    ['one whose sub is a query operator', { sub: { $ne: null } }, 'wrong_claims'],
    ['one without jti', { jti: undefined }, 'wrong_claims'],
    ['one without scope', { scope: undefined }, 'wrong_claims'],
    ['one whose scope is a list', { scope: ['events:read'] }, 'wrong_claims'],
    ['one without owner', { owner: undefined }, 'wrong_claims'],
    ['one of an unknown level', { owner: { level: 'god', id: 'x' } }, 'wrong_claims'],
    ['one whose owner id is a query operator', { owner: { level: 'merchant', id: { $gt: '' } } }, 'wrong_claims'],
    ['one whose owner id is a wildcard', { owner: { level: 'merchant', id: '*' } }, 'wrong_claims'],
    ['one whose owner says more', { owner: { level: 'merchant', id: 'm_1', admin: true } }, 'wrong_claims'],
  ])('refuses %s', async (_what, change, reason) => {
    expect(await verify(handmade({ ...claims, ...change }))).toEqual({ ok: false, reason });
  });

  it('accepts several audiences, and an expiry a few seconds ago for clocks that differ', async () => {
    expect((await verify(handmade({ ...claims, aud: ['x', 'webhooks'] }))).ok).toBe(true);
    expect((await verify(handmade({ ...claims, exp: NOW_S - 4 }))).ok).toBe(true);
  });

  it.each([
    ['alg none', `${handmade(claims, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`, 'malformed'],
    ['alg none with a signature', handmade(claims, { alg: 'none' }), 'unknown_key'],
    ['another HMAC', jwt.sign(claims, SECRET, { algorithm: 'HS512' }), 'unknown_key'],
    ['another secret', handmade(claims, undefined, 'another secret of 32 bytes......'), 'bad_signature'],
    ['a critical header', handmade(claims, { alg: 'HS256', crit: ['exp'], exp: 1 }), 'critical_header'],
    ['a header that is no object', `${Buffer.from('7').toString('base64url')}.e30.e30`, 'malformed'],
    ['text as payload', handmade('just text'), 'wrong_issuer_or_audience'],
    ['nothing', '', 'malformed'],
    ['two parts', 'a.b', 'malformed'],
    ['spaces', ` ${handmade(claims)}`, 'malformed'],
    ['megabytes', `${'a'.repeat(9000)}.b.c`, 'malformed'],
  ])('refuses %s', async (_what, token, reason) => {
    expect(await verify(token)).toEqual({ ok: false, reason });
  });

  it('believes no key that a token brings along', async () => {
    const jwk = { kty: 'oct', k: Buffer.from('evil').toString('base64url') };
    const token = handmade(claims, { alg: 'HS256', jwk, jku: 'http://127.0.0.1:1/' }, 'evil');
    expect(await verify(token)).toEqual({ ok: false, reason: 'bad_signature' });
  });

  it('is refused once revoked, and nobody knows when revocations cannot be read', async () => {
    const revoked = await verify(handmade(claims), settings, { isRevoked: async (jti) => jti === 'tok_1' });
    expect(revoked).toEqual({ ok: false, reason: 'revoked' });
    const away = verify(handmade(claims), settings, { isRevoked: () => Promise.reject(new Error('away')) });
    await expect(away).rejects.toThrow('away');
  });
});

describe('a token under public keys', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
  const pems = pemOf(rsa.publicKey) + pemOf(ec.publicKey);
  const fromPems: TokenSettings = { ...settings, keys: { kind: 'public', keys: pems } };
  const signRsa = (kid?: string) =>
    jwt.sign(claims, rsa.privateKey, { algorithm: 'RS256', ...(kid !== undefined && { keyid: kid }) });

  it('is accepted as RS256 and ES256', async () => {
    expect((await verify(signRsa(), fromPems)).ok).toBe(true);
    expect((await verify(signRsa('unheard-of'), fromPems)).ok).toBe(true);
    expect((await verify(jwt.sign(claims, ec.privateKey, { algorithm: 'ES256' }), fromPems)).ok).toBe(true);
  });

  it('is refused when the public key was used as a shared secret, or another algorithm with the right key', async () => {
    const confused = handmade(claims, { alg: 'HS256' }, pemOf(rsa.publicKey));
    expect(await verify(confused, fromPems)).toEqual({ ok: false, reason: 'unknown_key' });
    const other = jwt.sign(claims, rsa.privateKey, { algorithm: 'RS512' });
    expect(await verify(other, fromPems)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it('cannot be minted here', () => {
    const owner = { level: 'operator', id: '*' } as const;
    const mint = () =>
      mintToken(fromPems, { subject: 's', owner, scopes: [], jti: 'j', expiresInS: 1, now: new Date() });
    expect(mint).toThrow('identity provider');
  });

  const jwkOf = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid });
  const jwkSet = { keys: [jwkOf(rsa.publicKey, 'k1'), { kty: 'oct', k: 'c2VjcmV0', kid: 'k2' }, { kty: 'OKP' }] };

  it('finds its key in a JWK set by its id, and shared secrets published there are never used', async () => {
    const fromJwks: TokenSettings = { ...settings, keys: { kind: 'public', keys: JSON.stringify(jwkSet) } };
    expect((await verify(signRsa('k1'), fromJwks)).ok).toBe(true);
    expect(await verify(signRsa('k9'), fromJwks)).toEqual({ ok: false, reason: 'unknown_key' });
    const forged = handmade(claims, { alg: 'HS256', kid: 'k2' }, 'secret');
    expect(await verify(forged, fromJwks)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  describe('from a JWKS URL', () => {
    const url = 'https://id.example/jwks';
    const fromUrl: TokenSettings = { ...settings, keys: { kind: 'jwks', url } };

    function provider() {
      const state = { now: NOW, reads: 0, answer: async (): Promise<unknown> => jwkSet };
      const fetchJson = (asked: string) => {
        expect(asked).toBe(url);
        state.reads++;
        return state.answer();
      };
      const verifier = createTokenVerifier(fromUrl, { now: () => state.now, fetchJson });
      return { state, verifier };
    }

    it('is read once for many tokens at once', async () => {
      const { state, verifier } = provider();
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(signRsa('k1'))));
      expect(verdicts.every(({ ok }) => ok)).toBe(true);
      expect(state.reads).toBe(1);
    });

    it('is read again for an unknown key, at most every 30 s', async () => {
      const { state, verifier } = provider();
      await verifier.verify(signRsa('k1'));
      for (let count = 0; count < 5; count++) await verifier.verify(signRsa('k2'));
      expect(state.reads).toBe(1);
      state.now += 30_000;
      state.answer = async () => ({ keys: [jwkOf(rsa.publicKey, 'k2')] });
      expect((await verifier.verify(signRsa('k2'))).ok).toBe(true);
      expect(state.reads).toBe(2);
    });

    it('keeps its keys while the provider is away, and nobody knows when it always was', async () => {
      const { state, verifier } = provider();
      await verifier.verify(signRsa('k1'));
      state.now += 40_000;
      state.answer = () => Promise.reject(new Error('away'));
      expect((await verifier.verify(signRsa('k1'))).ok).toBe(true);
      expect(await verifier.verify(signRsa('k2'))).toEqual({ ok: false, reason: 'unknown_key' });

      const never = provider();
      never.state.answer = () => Promise.reject(new Error('away'));
      await expect(never.verifier.verify(signRsa('k1'))).rejects.toThrow('cannot be read');
    });
  });
});

it('refuses to be made without issuer or audience, since the library would skip the check', () => {
  expect(() => createTokenVerifier({ ...settings, issuer: '' })).toThrow('must not be empty');
  expect(() => createTokenVerifier({ ...settings, audience: '' })).toThrow('must not be empty');
});
