import { z } from 'zod';
import {
  type App,
  type AppOptions,
  accepted,
  createApp,
  created,
  createHealth,
  createLogger,
  createMetrics,
  createRateLimiter,
  createTokenVerifier,
  type Listening,
  listen,
  listQuery,
  mintToken,
  noContent,
  ok,
  ProblemError,
  problems,
  requireScope,
  route,
  type Scope,
  type TokenSettings,
} from '../index.ts';

const tokenSettings: TokenSettings = {
  issuer: 'https://id.example',
  audience: 'webhooks',
  environment: 'sandbox',
  keys: { kind: 'secret', secret: 'a secret of at least 32 bytes....' },
};

function bearer(scopes: Scope[] = ['subscriptions:read', 'subscriptions:write'], jti = 'tok_1'): string {
  const owner = { level: 'merchant', id: 'm_42' } as const;
  const request = { subject: 'user_1', owner, scopes, jti, expiresInS: 60, now: new Date() };
  return `Bearer ${mintToken(tokenSettings, request).token}`;
}

/** An app that listens, with everything it logged. */
async function serve(addRoutes: (app: App) => void, options: Partial<AppOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'debug',
    destination: { write: (line) => void lines.push(line) },
  });
  const tokens = createTokenVerifier(tokenSettings);
  const app = createApp({ logger, environment: 'sandbox', tokens, ...options });
  addRoutes(app);
  const server = await listen(app.handler, { port: 0, host: '127.0.0.1' });
  open.push(server);
  // The client may have the answer before the server has logged and measured it.
  let unfinished = 0;
  server.server.on('request', (_request, response) => {
    unfinished++;
    response.once('close', () => unfinished--);
  });
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(server.url + path, init);
    const text = await response.text();
    while (unfinished > 0) await new Promise(setImmediate);
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
  return { app, call, lines, server };
}

const open: Listening[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeNow();
    await server.close();
  }
});

const subscription = z.object({
  url: z.url(),
  event_types: z.array(z.string().min(1)).min(1),
  authentication: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('basic'), username: z.string(), password: z.string() }),
    ])
    .optional(),
  retry_policy: z.union([z.enum(['three-retries']), z.strictObject({ delays_s: z.array(z.int()) })]).optional(),
});

function subscriptionRoutes(app: App): void {
  route(app, {
    method: 'post',
    path: '/v1/subscriptions',
    summary: 'Create a subscription',
    scope: 'subscriptions:write',
    body: subscription,
    handler: ({ body, actor }) =>
      created({ url: body.url, owner: actor.owner }, { Location: '/v1/subscriptions/sub_1' }),
  });
  route(app, {
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'List subscriptions',
    scope: 'subscriptions:read',
    query: { ...listQuery, status: z.enum(['enabled', 'disabled']).optional() },
    handler: ({ query }) => ok(query),
  });
  route(app, {
    method: 'get',
    path: '/v1/subscriptions/:id',
    summary: 'One subscription',
    scope: ['subscriptions:read'],
    params: { id: z.string().regex(/^sub_[a-z0-9]+$/) },
    handler: ({ params, requestId }) => ok({ id: params.id, requestId }),
  });
}

const json = (body: unknown, authorization = bearer()): RequestInit => ({
  method: 'POST',
  headers: { authorization, 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const authorized = (): RequestInit => ({ headers: { authorization: bearer() } });

describe('a route', () => {
  it('passes what it validated to its handler', async () => {
    const { call } = await serve(subscriptionRoutes);
    const made = await call('/v1/subscriptions', json({ url: 'https://shop.example/x', event_types: ['*'] }));
    expect(made).toMatchObject({
      status: 201,
      body: { url: 'https://shop.example/x', owner: { level: 'merchant', id: 'm_42' } },
    });
    expect(made.headers.get('location')).toBe('/v1/subscriptions/sub_1');
    expect((await call('/v1/subscriptions?limit=5&status=enabled', authorized())).body).toEqual({
      limit: 5,
      status: 'enabled',
    });
    expect((await call('/v1/subscriptions/sub_1', authorized())).body).toMatchObject({ id: 'sub_1' });
    expect((await call('/v1/subscriptions/sub_1', { ...authorized(), method: 'HEAD' })).status).toBe(200);
  });

  it('refuses every invalid and unknown field, naming each, and quoting no value', async () => {
    const { call } = await serve(subscriptionRoutes);
    const authentication = { type: 'basic', username: 'u', password: 4242, extra: 1 };
    const wrong = { event_types: [''], authentication, retry_policy: { delays_s: ['x'] }, colour: 'hunter2' };
    const answer = await call('/v1/subscriptions', json(wrong));
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body).toMatchObject({ type: '/errors/validation', status: 422, instance: '/v1/subscriptions' });
    const found = answer.body.errors.map(({ field, code }: { field: string; code: string }) => [field, code]);
    expect(new Map(found)).toEqual(
      new Map([
        ['url', 'required'],
        ['event_types[0]', 'too_small'],
        ['authentication.password', 'invalid_type'],
        ['authentication.extra', 'unknown_field'],
        ['retry_policy.delays_s[0]', 'invalid_type'],
        ['colour', 'unknown_field'],
      ]),
    );
    expect(answer.text).not.toMatch(/hunter2|4242/);
  });

  it('refuses __proto__ like any unknown field', async () => {
    const { call } = await serve(subscriptionRoutes);
    const body = '{"url":"https://a.example","event_types":["*"],"__proto__":{"admin":true}}';
    const answer = await call('/v1/subscriptions', json(body));
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: '__proto__', code: 'unknown_field' }] } });
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });

  it.each([
    ['an unknown parameter', '?colour=red', 'colour', 'unknown_field'],
    ['a repeated one', '?status=enabled&status=disabled', 'status', 'repeated'],
    ['an operator in brackets', '?status[$ne]=x', 'status[$ne]', 'unknown_field'],
    ['a wrong value', '?limit=0', 'limit', 'too_small'],
    ['a cursor of somebody else', '?cursor=%24', 'cursor', 'invalid'],
  ])('refuses %s with 400', async (_what, query, field, code) => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call(`/v1/subscriptions${query}`, authorized());
    expect(answer).toMatchObject({
      status: 400,
      body: { type: '/errors/invalid-parameter', errors: [{ field, code }] },
    });
  });

  it('answers an id that cannot exist, a broken path and an unknown path with the same 404', async () => {
    const { call } = await serve(subscriptionRoutes);
    for (const path of ['/v1/subscriptions/$ne', '/v1/subscriptions/%ff', '/nothing']) {
      expect(await call(path, authorized())).toMatchObject({ status: 404, body: { type: '/errors/not-found' } });
    }
  });

  it('answers another method with 405 and the methods there are', async () => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions', { ...authorized(), method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { type: '/errors/method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD');
  });

  it('can take the bytes as they came, whatever their media type or query', async () => {
    const { call } = await serve((app) => {
      route(app, {
        method: 'post',
        path: '/webhooks/:merchant_id/:connector_name',
        summary: 'A notification',
        auth: 'none',
        params: { merchant_id: z.string(), connector_name: z.string() },
        query: 'any',
        rawBody: { limitBytes: 100 },
        handler: ({ rawBody, actor, request }) => ({
          status: 200,
          headers: { 'Content-Type': 'text/plain' },
          body: `${rawBody.toString('hex')} ${String(actor)} ${request.query.x}`,
        }),
      });
    });
    const body = new Uint8Array([0, 255, 13, 10]);
    expect((await call('/webhooks/m/stripe?x=1&y=2', { method: 'POST', body })).text).toBe('00ff0d0a undefined 1');
    const large = await call('/webhooks/m/stripe', { method: 'POST', body: new Uint8Array(101) });
    expect(large).toMatchObject({ status: 413, body: { detail: 'The limit is 100 bytes.' } });
  });

  it('answers without a body, and an optional body may be absent', async () => {
    const { call } = await serve((app) => {
      const body = z.strictObject({ reason: z.string().default('none') }).optional();
      const common = { summary: 's', auth: 'none', body } as const;
      route(app, { ...common, method: 'post', path: '/a', handler: ({ body }) => accepted({ body: body ?? null }) });
      route(app, { ...common, method: 'delete', path: '/a', handler: noContent });
    });
    expect((await call('/a', { method: 'POST' })).body).toEqual({ body: null });
    expect((await call('/a', { ...json('{}'), method: 'POST' })).body).toEqual({ body: { reason: 'none' } });
    expect(await call('/a', { method: 'DELETE' })).toMatchObject({ status: 204, text: '' });
  });

  it('cannot be added with token to an app that verifies none', () => {
    const logger = createLogger({ service: 'test', level: 'silent' });
    const app = createApp({ logger, environment: 'sandbox' });
    expect(() => subscriptionRoutes(app)).toThrow('without a verifier');
  });

  it('leaves its description behind for the API reference', async () => {
    const { app } = await serve(subscriptionRoutes);
    expect(app.routes.map(({ method, path, auth, scopes }) => [method, path, auth, scopes])).toEqual([
      ['post', '/v1/subscriptions', 'token', ['subscriptions:write']],
      ['get', '/v1/subscriptions', 'token', ['subscriptions:read']],
      ['get', '/v1/subscriptions/:id', 'token', ['subscriptions:read']],
    ]);
    expect(z.toJSONSchema(app.routes[0]?.body ?? z.never(), { io: 'input' })).toMatchObject({
      additionalProperties: false,
    });
  });
});

describe('a JSON body', () => {
  const valid = '{"url":"https://a.example","event_types":["*"]}';
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  it.each([
    ['nothing', '', 400, 'A JSON body is required.'],
    ['what is no JSON', '{"url": hunter2}', 400, 'Not valid JSON at line 1, column 9.'],
    ['too many levels', nested(65), 400, 'The body is nested more than 64 levels.'],
    ['45,000 levels', nested(45_000), 400, 'The body is nested more than 64 levels.'],
    ['64 levels', nested(64), 422, 'Not valid: (body)'],
    ['brackets in a string', JSON.stringify(`\\"${'['.repeat(100)}`), 422, 'Not valid: (body)'],
    ['too much', `"${'x'.repeat(300_000)}"`, 413, 'The limit is 262144 bytes.'],
  ])('with %s is refused', async (_what, body, status, detail) => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions', json(body));
    expect(answer).toMatchObject({ status, body: { status, detail } });
    expect(answer.text).not.toContain('hunter2');
  });

  it('in invalid UTF-8 is refused', async () => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions', { ...json(''), body: new Uint8Array([0x22, 0xff, 0x22]) });
    expect(answer).toMatchObject({ status: 400, body: { detail: 'The body is not valid UTF-8.' } });
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=utf-7', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-8', 201],
    ['application/json;charset="UTF-8"', 201],
    ['application/merge-patch+json', 201],
  ])('as %s is answered with %d', async (type, status) => {
    const { call } = await serve(subscriptionRoutes);
    const headers = { authorization: bearer(), 'content-type': type };
    expect((await call('/v1/subscriptions', { method: 'POST', headers, body: valid })).status).toBe(status);
  });

  it('that is compressed is refused', async () => {
    const { call } = await serve(subscriptionRoutes);
    const headers = { authorization: bearer(), 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await call('/v1/subscriptions', { method: 'POST', headers, body: valid })).status).toBe(415);
  });
});

describe('tokens', () => {
  it('are required, and a refusal says nothing about the reason', async () => {
    const metrics = createMetrics({ service: 'test', defaults: false });
    const { call } = await serve(subscriptionRoutes, { metrics });
    const none = await call('/v1/subscriptions');
    expect(none).toMatchObject({ status: 401, body: { type: '/errors/unauthenticated', detail: 'No valid token' } });
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    for (const authorization of ['Bearer junk', `${bearer()}x`, 'Bearer a.b.c']) {
      const wrong = await call('/v1/subscriptions', { headers: { authorization } });
      expect(wrong).toMatchObject({ status: 401, body: { detail: 'No valid token' } });
      expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="api", error="invalid_token"');
    }
    expect((await call('/v1/subscriptions', { headers: { authorization: 'Basic dTpw' } })).status).toBe(401);
    expect(await metrics.registry.metrics()).toContain('tokens_refused_total{reason="missing",service="test"} 2');
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

describe('faults', () => {
  function faultRoutes(app: App): void {
    const faults = {
      defect: new Error('secret detail'),
      away: Object.assign(new Error('connect 10.0.0.1'), { name: 'MongoServerSelectionError' }),
      conflict: new ProblemError(problems.conflict, { detail: 'It is already disabled.' }),
    };
    for (const [name, fault] of Object.entries(faults)) {
      const handler = () => Promise.reject(fault);
      route(app, { method: 'get', path: `/${name}`, summary: name, auth: 'none', handler });
    }
  }

  it('of ours are a 500 that tells nothing, and are logged with the request id', async () => {
    const { call, lines } = await serve(faultRoutes, { supportContact: 'help@example.com' });
    const answer = await call('/defect', { headers: { 'x-request-id': 'mine-1' } });
    expect(answer.body).toEqual({
      type: '/errors/internal',
      title: 'Internal error',
      status: 500,
      detail: 'Internal error',
      instance: '/defect',
      request_id: 'mine-1',
      support: 'help@example.com',
    });
    const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error');
    expect(logged).toMatchObject({ requestId: 'mine-1', err: { message: 'secret detail' } });
  });

  it('of a store that is away are a 503 with Retry-After', async () => {
    const { call } = await serve(faultRoutes);
    const answer = await call('/away');
    expect(answer).toMatchObject({ status: 503, body: { type: '/errors/unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.text).not.toContain('10.0.0.1');
  });

  it('that a use case names are answered as it says', async () => {
    const { call } = await serve(faultRoutes);
    expect(await call('/conflict')).toMatchObject({ status: 409, body: { detail: 'It is already disabled.' } });
  });
});

describe('every answer', () => {
  it.each([
    ['good-id_1.2', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['a b', false],
    ['a"b', false],
  ])('carries a request id: given %s, kept %s', async (given, kept) => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/nothing', { headers: { 'x-request-id': given } });
    const id = answer.headers.get('x-request-id');
    expect(id === given).toBe(kept);
    expect(id).toMatch(/^[A-Za-z0-9_.-]{1,128}$/);
    expect(answer.body.request_id).toBe(id);
  });

  it('carries security headers and does not say what made it', async () => {
    const { call } = await serve(subscriptionRoutes);
    const { headers } = await call('/v1/subscriptions', authorized());
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('strict-transport-security')).toBe(false);
    const production = await serve(subscriptionRoutes, { environment: 'production' });
    expect((await production.call('/nothing')).headers.has('strict-transport-security')).toBe(true);
  });

  it('has one log line, without query, body or token', async () => {
    const { call, lines } = await serve(subscriptionRoutes);
    await call('/v1/subscriptions?cursor=canary1', authorized());
    await call('/v1/subscriptions', json({ url: 'https://canary2.example', event_types: ['*'] }));
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: '/v1/subscriptions',
        status: 400,
        caller: 'merchant:m_42',
        requestId: expect.stringMatching(/^req_/),
      },
      { method: 'POST', route: '/v1/subscriptions', status: 201 },
    ]);
    expect(lines.join()).not.toMatch(/canary|Bearer|eyJ/);
  });

  it('is measured under its route pattern, and strangers add no time series', async () => {
    const metrics = createMetrics({ service: 'test', defaults: false });
    const { call } = await serve(subscriptionRoutes, { metrics });
    await call('/v1/subscriptions/sub_1', authorized());
    await call('/wp-admin.php');
    await call('/wp-login.php', { method: 'PROPFIND' });
    const text = await metrics.registry.metrics();
    expect(text).toContain('_count{service="test",method="GET",route="/v1/subscriptions/:id",status="200"} 1');
    expect(text).toContain('_count{service="test",method="other",route="unmatched",status="404"} 1');
    expect(text).not.toMatch(/wp-|sub_1|PROPFIND/);
    expect(text).toContain('http_requests_in_flight{service="test"} 0');
  });
});

describe('health routes', () => {
  it('answer with the state, and with metrics where they are wanted', async () => {
    const health = createHealth();
    let isUp = true;
    health.addReadiness('mongo', () => isUp);
    const metrics = createMetrics({ service: 'test' });
    const { call } = await serve(() => undefined, { health, metrics, exposeMetrics: true });
    expect(await call('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    isUp = false;
    expect(await call('/readyz')).toMatchObject({ status: 503, body: { checks: { mongo: { status: 'failing' } } } });
    expect(await call('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect((await call('/metrics')).text).toContain('process_cpu_seconds_total');
    const hidden = await serve(() => undefined, { health, metrics });
    expect((await hidden.call('/metrics')).status).toBe(404);
  });
});
