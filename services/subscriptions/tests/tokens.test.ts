import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createApp, createLogger, listen, ok, route } from '@owngateway/service-kit';
import { clientOf } from './support/api-client.ts';
import { API_URL, type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const OWNER = { level: 'merchant', id: 'm_tok' } as const;

describe('POST /v1/tokens', () => {
  test('mints a token that works, with no more than was asked for', async () => {
    await api.merchant('m_tok');
    const minted = await api.operator.post('/v1/tokens', {
      owner: OWNER,
      scope: 'subscriptions:read events:read',
      expires_in_s: 600,
    });
    expect(minted.status).toBe(201);
    expect(minted.body).toEqual({
      token: expect.any(String),
      jti: expect.stringMatching(/^tok_/),
      expires_at: expect.any(String),
      dashboard_url: `${API_URL}/dashboard`,
    });
    const lifeMs = Date.parse(String(minted.body.expires_at)) - Date.now();
    expect(lifeMs).toBeGreaterThan(590_000);
    expect(lifeMs).toBeLessThanOrEqual(600_000);
    const client = clientOf(api.url, String(minted.body.token));
    expect((await client.get('/v1/subscriptions')).status).toBe(200);
    const refused = await client.get('/v1/audit');
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('audit:read');
  });

  test.each([
    ['another merchant', { owner: { level: 'merchant', id: 'm_tok_other' } }, 'owner'],
    ['its own reseller', { owner: { level: 'reseller', id: 'r_tok' } }, 'owner'],
    ['an operator', { owner: { level: 'operator', id: '*' } }, 'owner'],
    ['a permission that it lacks', { scope: 'events:read audit:read' }, 'scope'],
    ['a life beyond its own', { expires_in_s: 7200 }, 'expires_in_s'],
    ['a permission that does not exist', { scope: 'everything' }, 'scope'],
    ['a life of more than 30 days', { expires_in_s: 31 * 86_400 }, 'expires_in_s'],
  ])('never gives a merchant a token for %s', async (_what, wish, field) => {
    await api.merchant('m_tok', { reseller_id: 'r_tok' });
    await api.merchant('m_tok_other');
    const merchant = api.as(OWNER, { scopes: ['tokens:write', 'events:read'], expiresInS: 3_600 });
    const answer = await merchant.post('/v1/tokens', { owner: OWNER, scope: 'events:read', ...wish });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  test('lets a reseller mint for itself and the merchants below it, not for a portfolio', async () => {
    await api.merchant('m_tok_below', { reseller_id: 'r_mint', portfolio_id: 'p_mint' });
    const reseller = api.as({ level: 'reseller', id: 'r_mint' });
    const mintFor = async (owner: object) =>
      (await reseller.post('/v1/tokens', { owner, scope: 'events:read' })).status;
    expect(await mintFor({ level: 'merchant', id: 'm_tok_below' })).toBe(201);
    expect(await mintFor({ level: 'reseller', id: 'r_mint' })).toBe(201);
    expect(await mintFor({ level: 'portfolio', id: 'p_mint' })).toBe(422);
  });

  test('does not say whether an unknown owner exists', async () => {
    const merchant = await api.merchant('m_tok_quiet');
    await api.merchant('m_tok_hidden');
    const ask = async (id: string) =>
      (await merchant.post('/v1/tokens', { owner: { level: 'merchant', id }, scope: 'events:read' })).body.errors;
    expect(await ask('m_tok_hidden')).toEqual(await ask('m_tok_missing'));
  });

  test('lives at most as long as its minter when no life is named', async () => {
    const merchant = api.as(OWNER, { expiresInS: 300 });
    const { body } = await merchant.post('/v1/tokens', { owner: OWNER, scope: 'events:read' });
    expect(Date.parse(String(body.expires_at)) - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test('answers 409 where tokens come from an identity provider', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const elsewhere = await startApi({ JWT_SECRET: '', JWT_PUBLIC_KEYS: pem });
    const claims = claimsFor(elsewhere, 'tokens:write events:read');
    const operator = clientOf(elsewhere.url, es256(claims, privateKey));
    const answer = await operator.post('/v1/tokens', { owner: OWNER, scope: 'events:read' });
    expect(answer.status).toBe(409);
    expect(answer.body.type).toBe('/errors/tokens-minted-elsewhere');
    expect((await operator.delete('/v1/tokens/idp-1')).status).toBe(204);
    expect((await operator.get('/v1/events')).status).toBe(401);
    await elsewhere.stop();
  });
});

describe('with JWT_JWKS_URL', () => {
  test('tokens of the identity provider are taken, its keys read through the guarded client', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const logger = createLogger({ service: 'tests', level: 'silent' });
    const provider = createApp({ logger, environment: 'sandbox' });
    route(provider, {
      method: 'get',
      path: '/keys',
      summary: 'The key set',
      auth: 'none',
      handler: () => ok({ keys: [publicKey.export({ format: 'jwk' })] }),
    });
    const server = await listen(provider.handler, { port: 0, host: '127.0.0.1' });
    const elsewhere = await startApi({ JWT_SECRET: '', JWT_JWKS_URL: `${server.url}/keys` });
    const claims = claimsFor(elsewhere, 'events:read');
    expect((await clientOf(elsewhere.url, es256(claims, privateKey)).get('/v1/events')).status).toBe(200);
    const { privateKey: another } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect((await clientOf(elsewhere.url, es256(claims, another)).get('/v1/events')).status).toBe(401);
    await elsewhere.stop();
    server.closeNow();
    await server.close();
  });
});

function claimsFor({ settings }: RunningApi, scope: string): object {
  return {
    iss: settings.JWT_ISSUER,
    aud: settings.JWT_AUDIENCE,
    exp: Math.floor(Date.now() / 1000) + 600,
    sub: 'idp-user',
    jti: 'idp-1',
    owner: { level: 'operator', id: '*' },
    environment: 'sandbox',
    scope,
  };
}

/** A token as an identity provider makes it (RFC 7515, ES256). */
function es256(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('DELETE /v1/tokens/{jti}', () => {
  test('ends a token at once, and only for those who reach its owner', async () => {
    const merchant = await api.merchant('m_tok_revoke');
    const stranger = await api.merchant('m_tok_stranger');
    const owner = { level: 'merchant', id: 'm_tok_revoke' };
    const { body } = await merchant.post('/v1/tokens', { owner, scope: 'events:read' });
    const minted = clientOf(api.url, String(body.token));
    expect((await minted.get('/v1/events')).status).toBe(200);

    expect((await stranger.delete(`/v1/tokens/${body.jti}`)).status).toBe(404);
    expect((await minted.get('/v1/events')).status).toBe(200);
    expect((await merchant.delete(`/v1/tokens/${body.jti}`)).status).toBe(204);
    expect((await minted.get('/v1/events')).status).toBe(401);
  });

  test('lets an operator revoke any token, and anyone its own', async () => {
    const merchant = await api.merchant('m_tok_any');
    const jti = 'tok_from-elsewhere';
    const foreign = api.as({ level: 'merchant', id: 'm_tok_any' }, { jti });
    expect((await merchant.delete(`/v1/tokens/${jti}`)).status).toBe(404);
    expect((await api.operator.delete(`/v1/tokens/${jti}`)).status).toBe(204);
    expect((await foreign.get('/v1/events')).status).toBe(401);

    const own = api.as({ level: 'merchant', id: 'm_tok_any' }, { jti: 'tok_own' });
    expect((await own.delete('/v1/tokens/tok_own')).status).toBe(204);
    expect((await own.get('/v1/events')).status).toBe(401);
  });
});
