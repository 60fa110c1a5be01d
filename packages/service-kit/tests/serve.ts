import { z } from 'zod';
import {
  type App,
  type AppOptions,
  createApp,
  created,
  createLogger,
  createTokenVerifier,
  type Listening,
  listen,
  mintToken,
  ok,
  pagedList,
  route,
  type Scope,
  type TokenSettings,
} from '../src/index.ts';

/** What the tests' tokens are minted and verified with. */
export const tokenSettings: TokenSettings = {
  issuer: 'https://id.example',
  audience: 'webhooks',
  environment: 'sandbox',
  keys: { kind: 'secret', secret: 'a secret of at least 32 bytes....' },
};

/** An Authorization header's value. */
export function bearer(scopes: Scope[] = ['subscriptions:read', 'subscriptions:write'], jti = 'tok_1'): string {
  const owner = { level: 'merchant', id: 'm_42' } as const;
  const request = { subject: 'user_1', owner, scopes, jti, expiresInS: 60, now: new Date() };
  return `Bearer ${mintToken(tokenSettings, request).token}`;
}

/** An app that listens, with everything it logged. */
export async function serve(addRoutes: (app: App) => void, options: Partial<AppOptions> = {}) {
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
/** Ends what `serve` started; for afterEach. */
export async function closeServers(): Promise<void> {
  for (const server of open.splice(0)) {
    server.closeNow();
    await server.close();
  }
}

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

/** Routes with everything that can be wrong about a request. */
export function subscriptionRoutes(app: App): void {
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
    query: { ...pagedList('things').query, status: z.enum(['enabled', 'disabled']).optional() },
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

/** A POST with a JSON body. */
export const json = (body: unknown, authorization = bearer()): RequestInit => ({
  method: 'POST',
  headers: { authorization, 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
export const authorized = (): RequestInit => ({ headers: { authorization: bearer() } });
