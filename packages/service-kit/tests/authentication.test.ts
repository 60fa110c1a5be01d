import { createMetrics, createRateLimiter, createTokenVerifier, noContent, requireScope, route } from '../src/index.ts';
import { authorized, bearer, closeServers, json, serve, subscriptionRoutes, tokenSettings } from './serve.ts';

afterEach(closeServers);

describe('tokens', () => {
  it('are required, and a refusal says nothing about why one is not genuine', async () => {
    const metrics = createMetrics({ service: 'test', defaults: false });
    const { call } = await serve(subscriptionRoutes, { metrics });
    const none = await call('/v1/subscriptions');
    const missing = 'No token was sent: `Authorization: Bearer <token>` is required.';
    expect(none).toMatchObject({ status: 401, body: { type: '/errors/unauthenticated', detail: missing } });
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    for (const authorization of ['Bearer junk', `${bearer()}x`, 'Bearer a.b.c']) {
      const wrong = await call('/v1/subscriptions', { headers: { authorization } });
      const detail = 'The token is malformed, or was not signed for this gateway.';
      expect(wrong).toMatchObject({ status: 401, body: { detail } });
      expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="api", error="invalid_token"');
    }
    expect((await call('/v1/subscriptions', { headers: { authorization: 'Basic dTpw' } })).status).toBe(401);
    expect(await metrics.registry.metrics()).toContain('tokens_refused_total{reason="missing",service="test"} 2');
  });

  it('that are genuine are told why they count no longer', async () => {
    let now = Date.now();
    const revoked = 'tok_revoked';
    const tokens = createTokenVerifier(tokenSettings, { now: () => now, isRevoked: (jti) => jti === revoked });
    const { call } = await serve(subscriptionRoutes, { tokens });
    const refusal = async (authorization: string) => {
      const { status, body, headers } = await call('/v1/subscriptions', { headers: { authorization } });
      return [status, body.detail, headers.get('www-authenticate')];
    };
    const challenge = 'Bearer realm="api", error="invalid_token"';
    expect(await refusal(bearer(undefined, revoked))).toEqual([401, 'The token was revoked.', challenge]);
    const old = bearer();
    now += 3_600_000;
    expect(await refusal(old)).toEqual([401, 'The token has expired.', challenge]);
    // Of what we have not signed nothing is told, also when it says that it has expired.
    const [head, claims] = old.split('.');
    const detail = 'The token is malformed, or was not signed for this gateway.';
    expect(await refusal(`${head}.${claims}.${'A'.repeat(43)}`)).toEqual([401, detail, challenge]);
  });

  it('must carry the scope, which the refusal names', async () => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions', json({}, bearer(['events:read'])));
    expect(answer).toMatchObject({ status: 403, body: { detail: 'The token lacks subscriptions:write.' } });
  });

  it('can be asked for more scopes by a handler', async () => {
    const { call } = await serve((app) => {
      const handler = ({ actor }: { actor: Parameters<typeof requireScope>[0] }) => {
        requireScope(actor, 'subscriptions:read', 'secrets:read', 'audit:read');
        return noContent();
      };
      route(app, { method: 'get', path: '/s', summary: 's', handler });
    });
    const answer = await call('/s', authorized());
    expect(answer).toMatchObject({ status: 403, body: { detail: 'The token lacks secrets:read, audit:read.' } });
  });

  it('are limited in their requests, each by itself', async () => {
    const rateLimiter = createRateLimiter({ perSecond: 2, now: () => 0 });
    const { call } = await serve(subscriptionRoutes, { rateLimiter });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count++) statuses.push((await call('/v1/subscriptions', authorized())).status);
    expect(statuses).toEqual([200, 200, 429]);
    const limited = await call('/v1/subscriptions', authorized());
    expect(limited.body.type).toBe('/errors/rate-limited');
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(limited.headers.get('ratelimit')).toBe('"token";r=0;t=1');
    const other = { headers: { authorization: bearer(['subscriptions:read'], 'tok_2') } };
    expect((await call('/v1/subscriptions', other)).status).toBe(200);
  });

  it('cannot be judged while revocations cannot be read: 503', async () => {
    const isRevoked = () => Promise.reject(new Error('away at 10.0.0.1'));
    const { call } = await serve(subscriptionRoutes, { tokens: createTokenVerifier(tokenSettings, { isRevoked }) });
    const answer = await call('/v1/subscriptions', authorized());
    expect(answer).toMatchObject({ status: 503, body: { type: '/errors/unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.text).not.toContain('10.0.0.1');
  });
});
