import { z } from 'zod';
import { accepted, createApp, createLogger, noContent, route } from '../src/index.ts';
import { authorized, bearer, closeServers, json, serve, subscriptionRoutes } from './serve.ts';

afterEach(closeServers);

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

  it('names every parameter that is wrong in one answer', async () => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions?limit=1&limit=2&foo=1&status=x', authorized());
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { field: 'limit', code: 'repeated', message: 'This parameter may be given once.' },
      { field: 'status', code: 'invalid_value', message: 'Must be "enabled" or "disabled".' },
      { field: 'foo', code: 'unknown_field', message: 'Not known here; known: limit, cursor, status.' },
    ]);
  });

  it.each([
    ['101', 'Must be at most 100.'],
    ['100000', 'Must be at most 100.'],
    ['9'.repeat(20), 'Must be at most 100.'],
    ['0', 'Must be at least 1.'],
    ['-1', 'Must be a whole number from 1 to 100.'],
  ])('says how much a page may hold: %s', async (limit, message) => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call(`/v1/subscriptions?limit=${limit}`, authorized());
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'limit', message }] } });
  });

  it('names the rule of an id that the caller chooses', async () => {
    const { call } = await serve((app) => {
      const params = { id: z.string().regex(/^[a-z]+$/, 'Has small letters.') };
      const common = { path: '/v1/things/:id', summary: 's', params, handler: noContent } as const;
      route(app, { ...common, method: 'put' });
      route(app, { ...common, method: 'get' });
    });
    expect(await call('/v1/things/m%20x', { ...authorized(), method: 'PUT' })).toMatchObject({
      status: 422,
      body: { type: '/errors/validation', errors: [{ field: 'id', message: 'Has small letters.' }] },
    });
    expect((await call('/v1/things/m%20x', authorized())).status).toBe(404);
  });

  it('answers an id that cannot exist, a broken path and an unknown path with the same 404', async () => {
    const { call } = await serve(subscriptionRoutes);
    for (const path of ['/v1/subscriptions/$ne', '/v1/subscriptions/%ff', '/nothing']) {
      const detail = 'It does not exist, or it is not yours.';
      expect(await call(path, authorized())).toMatchObject({
        status: 404,
        body: { type: '/errors/not-found', detail },
      });
    }
  });

  it('answers another method with 405 and the methods there are', async () => {
    const { call } = await serve(subscriptionRoutes);
    const answer = await call('/v1/subscriptions', { ...authorized(), method: 'DELETE' });
    const detail = 'Allowed: POST, GET, HEAD.';
    expect(answer).toMatchObject({ status: 405, body: { type: '/errors/method-not-allowed', detail } });
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
