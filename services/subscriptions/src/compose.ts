import { connectorForNew, connectorOf, connectors, findConnector } from '@owngateway/connectors';
import { newId } from '@owngateway/domain';
import {
  createAxios,
  createNameSystem,
  createOutboundClient,
  type OutboundPolicy,
  policyOf,
} from '@owngateway/outbound';
import { createQueueProducer, type QueueProducer } from '@owngateway/queue';
import {
  type App,
  type AppOptions,
  createRateLimiter,
  createTokenVerifier,
  type FetchJson,
  type Logger,
  type Metrics,
  tokenSettingsOf,
  watchClock,
  watchSeals,
} from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import { createCallerOf } from './access/caller-of.ts';
import { addApi } from './api/add-api.ts';
import { createAuditTrail } from './audit/audit-trail.ts';
import type { SubscriptionsSettings } from './config.ts';
import { oncePerKey } from './idempotency/once-per-key.ts';
import { enqueueReading } from './notifications/reprocess-notification.ts';
import { enqueueReplays } from './replay/enqueue-replays.ts';
import { newSigningSecret } from './subscriptions/signing-secrets.ts';
import { type UrlRule, urlRule } from './subscriptions/url-rule.ts';

/** What the service is given by whoever runs it: a process, or a test. */
export interface Surroundings {
  settings: SubscriptionsSettings;
  logger: Logger;
  metrics: Metrics;
  createApp: (options: Partial<AppOptions>) => App;
  /** The last added is ended first. */
  onStop: (name: string, stop: () => unknown) => void;
  addReadiness: (name: string, check: () => unknown) => void;
}

/** The only place where adapters are constructed. Rejects when MongoDB is away; Redis may be. */
export async function compose(surroundings: Surroundings): Promise<App> {
  const { settings, logger, metrics, createApp, onStop, addReadiness } = surroundings;
  const store = await openStore({
    mongoUrl: settings.MONGO_URL,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    appName: 'owngateway-subscriptions',
  });
  onStop('store', () => store.close());
  await store.ensureIndexes();
  addReadiness('mongo', () => store.ping());
  watchSeals({ survey: (walk) => store.seals.survey(walk), logger, metrics, onStop });
  watchClock({ databaseNow: () => store.clock.now(), logger, metrics, onStop });

  const producer = createQueueProducer({
    redisUrl: settings.REDIS_URL,
    prefix: settings.QUEUE_PREFIX,
    shards: settings.QUEUE_SHARDS,
  });
  onStop('queues', () => producer.close());

  const policy = policyOf(settings);
  const names = createNameSystem({ policy, nameServers: settings.DNS_SERVERS });
  onStop('names', () => names.close?.());
  const app = createApp({
    tokens: tokenVerifier(settings, store, policy, onStop),
    rateLimiter: createRateLimiter({ perSecond: settings.RATE_LIMIT_PER_S }),
    trustProxyHops: settings.TRUST_PROXY_HOPS,
  });
  addRoutes(app, { settings, logger, store, producer, judgeUrl: urlRule(policy, names) });
  return app;
}

/** Only an identity provider's key set is fetched, and only through the guarded client (rule 16). */
function tokenVerifier(
  settings: SubscriptionsSettings,
  store: Store,
  policy: OutboundPolicy,
  onStop: Surroundings['onStop'],
) {
  const isRevoked = (jti: string) => store.revokedTokens.isRevoked(jti);
  if (settings.JWT_JWKS_URL === undefined) return createTokenVerifier(tokenSettingsOf(settings), { isRevoked });
  const client = createOutboundClient({ policy });
  onStop('outbound', () => client.close());
  const axios = createAxios(client);
  const fetchJson: FetchJson = async (url) => (await axios.get<unknown>(url, { responseType: 'json' })).data;
  return createTokenVerifier(tokenSettingsOf(settings), { isRevoked, fetchJson });
}

function addRoutes(
  app: App,
  parts: {
    settings: SubscriptionsSettings;
    logger: Logger;
    store: Store;
    producer: QueueProducer;
    judgeUrl: UrlRule;
  },
): void {
  const { settings, logger, store, producer, judgeUrl } = parts;
  // Ages are judged by the database's clock (rule 15); tokens are verified, and so minted, by the process's own.
  const now = () => store.clock.now();
  addApi(app, {
    store,
    connectors,
    findConnector,
    connectorOf,
    connectorForNew,
    tokens: tokenSettingsOf(settings),
    callerOf: createCallerOf(store.merchants),
    oncePerKey: oncePerKey(store.idempotency, now),
    trail: createAuditTrail({ audit: store.audit, newId, now }),
    enqueue: enqueueReplays(producer, logger),
    enqueueReading: enqueueReading(producer, logger),
    judgeUrl,
    newId,
    newSecret: newSigningSecret,
    now,
    processNow: () => new Date(),
    publicIngressUrl: settings.PUBLIC_INGRESS_URL,
    publicApiUrl: settings.PUBLIC_API_URL,
    supportContact: settings.SUPPORT_CONTACT,
  });
}
