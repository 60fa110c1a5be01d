import { type App, createHealth, createMetrics, ProblemError, problems, route } from '../src/index.ts';
import { authorized, closeServers, json, serve, subscriptionRoutes } from './serve.ts';

afterEach(closeServers);

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
      detail: problems.internal.description,
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
    expect(answer).toMatchObject({ status: 503, body: { type: '/errors/unavailable', detail: 'Try again in 5 s.' } });
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
