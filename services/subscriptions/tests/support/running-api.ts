import { randomUUID } from 'node:crypto';
import { testDatabaseUrl, testQueuePrefix, testRedisUrl } from '@owngateway/local-stack/testing';
import {
  type App,
  createApp,
  createLogger,
  createMetrics,
  listen,
  loadSettings,
  mintToken,
  SCOPES,
  type Scope,
  type TokenOwner,
  tokenSettingsOf,
} from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import { compose } from '../../src/compose.ts';
import { type SubscriptionsSettings, subscriptionsSettings } from '../../src/config.ts';
import { type ApiClient, clientOf } from './api-client.ts';

/** The API on a free port, with a database and queues of its own. */
export interface RunningApi {
  url: string;
  app: App;
  /** The same database, for what other services would write. */
  store: Store;
  settings: SubscriptionsSettings;
  /** Ends what the service opened, connections to the stores included, while it goes on answering. */
  loseDatabase(): Promise<void>;
  /** Log lines so far, as text. */
  logged(): string;
  /** A token with every permission unless told otherwise. */
  tokenFor(owner: TokenOwner, options?: TokenOptions): string;
  as(owner: TokenOwner, options?: TokenOptions): ApiClient;
  operator: ApiClient;
  /** A client with the token of a merchant that exists. */
  merchant(id: string, hierarchy?: { portfolio_id?: string; reseller_id?: string }): Promise<ApiClient>;
  stop(): Promise<void>;
}

interface TokenOptions {
  scopes?: readonly Scope[];
  expiresInS?: number;
  subject?: string;
  jti?: string;
}

export const INGRESS_URL = 'https://sandbox.owngateway.example';
export const API_URL = 'https://api.owngateway.example';
const JWT_SECRET = 'a secret of the tests, long enough for HS256';

const environment = {
  ENVIRONMENT: 'sandbox',
  PUBLIC_INGRESS_URL: INGRESS_URL,
  PUBLIC_API_URL: API_URL,
  JWT_SECRET,
  JWT_ISSUER: 'owngateway-tests',
  JWT_AUDIENCE: 'owngateway-api',
  ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  // Tests ask faster than people.
  RATE_LIMIT_PER_S: '10000',
};

/** Starts the API as `main.ts` does, without the process around it. */
export async function startApi(overrides: Record<string, string> = {}): Promise<RunningApi> {
  const mongoUrl = await testDatabaseUrl();
  // Production refuses to start with it.
  const ranges = overrides.ENVIRONMENT === 'production' ? {} : { ALLOWED_PRIVATE_RANGES: '127.0.0.0/8,::1/128' };
  const given = { ...environment, ...ranges, MONGO_URL: mongoUrl, REDIS_URL: await testRedisUrl(), ...overrides };
  const settings = { ...loadSettings(subscriptionsSettings, given), QUEUE_PREFIX: testQueuePrefix() };
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'subscriptions', level: 'info', destination });
  const steps: (() => unknown)[] = [];
  const app = await compose({
    settings,
    logger,
    metrics: createMetrics({ service: 'subscriptions', defaults: false }),
    createApp: (options) =>
      createApp({ logger, environment: settings.ENVIRONMENT, supportContact: settings.SUPPORT_CONTACT, ...options }),
    onStop: (_name, stop) => void steps.push(stop),
    addReadiness: () => undefined,
  });
  const store = await openStore({ mongoUrl, encryptionKeys: settings.ENCRYPTION_KEYS, appName: 'tests' });
  const server = await listen(app.handler, { port: 0, host: '127.0.0.1' });

  function tokenFor(owner: TokenOwner, options: TokenOptions = {}): string {
    const { scopes = SCOPES, expiresInS = 3_600, subject = 'tests', jti = `tok_${randomUUID()}` } = options;
    const keys = { ...tokenSettingsOf(settings), keys: { kind: 'secret' as const, secret: JWT_SECRET } };
    return mintToken(keys, { subject, owner, scopes, jti, expiresInS, now: new Date() }).token;
  }
  const as = (owner: TokenOwner, options?: TokenOptions) => clientOf(server.url, tokenFor(owner, options));

  async function endSteps(): Promise<void> {
    for (const step of steps.splice(0).toReversed()) await step();
  }

  return {
    url: server.url,
    app,
    loseDatabase: endSteps,
    store,
    settings,
    logged: () => lines.join(''),
    tokenFor,
    as,
    operator: as({ level: 'operator', id: 'ops' }, { subject: 'olivia' }),
    async merchant(id, { portfolio_id = null, reseller_id = null }: Record<string, string | null> = {}) {
      await store.merchants.put({ _id: id, name: id, portfolio_id, reseller_id });
      return as({ level: 'merchant', id });
    },
    async stop() {
      server.closeNow();
      await server.close();
      await store.close();
      await endSteps();
    },
  };
}
