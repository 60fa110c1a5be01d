import type { Connector } from '@owngateway/connectors';
import { newId } from '@owngateway/domain';
import { createOutboundClient, policyOf, trustedAuthorities } from '@owngateway/outbound';
import { createQueueInspector, createQueueProducer } from '@owngateway/queue';
import { type App, type ServiceContext, watchClock, watchSeals } from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import express from 'express';
import { createAccountDirectory } from './accounts/account-directory.ts';
import { createDecoys } from './accounts/decoy.ts';
import type { ingressSettings } from './config.ts';
import { knownConnectors } from './connectors/known-connectors.ts';
import { refuseEvictingRedis } from './enqueue/check-redis.ts';
import { createEvidence, GATHERING_MS } from './evidence/evidence.ts';
import { createAnswerHandshake, decoySecretOf } from './handshake/answer-handshake.ts';
import { createIngressMetrics } from './ingress-metrics.ts';
import { IntakeLimit } from './notifications/intake-limit.ts';
import { createLookLimit } from './notifications/look-limit.ts';
import { createReceiveNotification } from './notifications/receive-notification.ts';
import { createRefusalGate } from './notifications/refusal-gate.ts';
import { createRepeats } from './notifications/repeats.ts';
import { createRequestOutcome } from './notifications/request-outcome.ts';
import { createVerifySender } from './notifications/verify-sender.ts';
import { createWebhookRoute, refuseUnreadablePath, WEBHOOK_PATH } from './notifications/webhook-route.ts';
import { openOutside } from './outside/open-outside.ts';
import { createRaiseEvents } from './raised-events/raise-events.ts';
import { addRaisedEventsRoute } from './raised-events/raised-events-route.ts';
import { openReadings } from './readings/open-readings.ts';
import { createReadAgain } from './readings/read-again.ts';
import { createReadingMetrics } from './readings/reading-metrics.ts';
import { openLogs } from './recording/open-logs.ts';
import { openTokenVerifier } from './tokens/token-verifier.ts';

type Context = ServiceContext<typeof ingressSettings>;

/** At 4,000 a second half a second's worth; what a slow store makes wait, not what a quick one needs. */
const MAX_NOTIFICATIONS = 2_000;
const MIB = 1_048_576;
const API_BODY_LIMIT_BYTES = MIB;
/** To one vendor: evidence and readings have bounds of their own, and must not wait for each other here. */
const CONNECTIONS_PER_ORIGIN = 100;

/**
 * The only place where adapters are constructed. Rejects when MongoDB is away or Redis would evict; Redis may be away.
 *
 * @param given every connector of the product unless given
 */
export async function compose(context: Context, given?: readonly Connector[]): Promise<App> {
  const { settings, logger, metrics: http, health, onStop } = context;
  if (!(await refuseEvictingRedis(settings.REDIS_URL))) {
    logger.warn('Redis cannot be reached: events are accepted and stored; the sweeper enqueues them later');
  }
  const queues = { redisUrl: settings.REDIS_URL, prefix: settings.QUEUE_PREFIX, shards: settings.QUEUE_SHARDS };
  const producer = createQueueProducer(queues);
  onStop('queues', () => producer.close());
  const inspector = createQueueInspector(queues);
  onStop('inspector', () => inspector.close());
  const store = await openStoreFor(context);
  const outbound = createOutboundClient({
    policy: policyOf({ ...settings, ALLOW_HTTP: false }),
    nameServers: settings.DNS_SERVERS,
    connectionsPerOrigin: CONNECTIONS_PER_ORIGIN,
  });
  onStop('vendors', () => outbound.close());

  const clock = () => performance.now();
  const limit = new IntakeLimit({ maxNotifications: MAX_NOTIFICATIONS, maxBytes: settings.INTAKE_MIB * MIB }, clock);
  const metrics = createIngressMetrics(http, limit);
  const { eventLog, notificationLog, enqueueReading } = openLogs({
    store,
    producer,
    settings,
    clock,
    logger,
    metrics,
    onStop,
  });
  const times = { now: () => new Date(), databaseNow: () => store.clock.now() };
  const publicUrl = settings.PUBLIC_INGRESS_URL;
  const rules = { ...times, environment: settings.ENVIRONMENT, newId, dedupeDays: settings.DEDUPE_DAYS };

  const connectors = knownConnectors(given);
  const decoys = createDecoys(connectors);
  const accounts = createAccountDirectory(store.connectorAccounts, clock);
  const evidence = createEvidence({
    connectors,
    outside: openOutside(outbound, GATHERING_MS),
    trustedAuthorities,
    clock,
    now: times.now,
    onGathered: (connector, outcome) => metrics.evidence.inc({ connector, outcome }),
  });
  const receive = createReceiveNotification({
    ...rules,
    verifySender: createVerifySender({ accounts, connectors, decoys, evidence }),
    looks: createLookLimit(settings.LOOKS_PER_S, clock),
    eventLog,
    notificationLog,
    repeats: createRepeats(clock),
    onUnresolved: enqueueReading,
  });
  const secret = decoySecretOf(settings.ENCRYPTION_KEYS);
  const answerHandshake = createAnswerHandshake({ accounts, connectors, decoys, secret });

  const api = context.createApp({ tokens: openTokenVerifier(context, store), bodyLimitBytes: API_BODY_LIMIT_BYTES });
  addRaisedEventsRoute(api, {
    raiseEvents: createRaiseEvents({ ...rules, eventLog }),
    merchants: store.merchants,
    idempotency: store.idempotency,
    metrics,
    now: times.databaseNow,
  });
  const gate = createRefusalGate();
  onStop('refusal gate', () => gate.close());
  const webhook = createWebhookRoute({
    outcomeOf: createRequestOutcome({ receive, answerHandshake, evidence, limit, publicUrl, gate }),
    supportContact: settings.SUPPORT_CONTACT,
    logger,
    http,
    metrics,
    clock,
  });

  const readings = openReadings({
    queues,
    inspector,
    producer,
    readAgain: createReadAgain({
      ...rules,
      notifications: store.notifications,
      accounts: store.connectorAccounts,
      connectors,
      eventLog,
      outside: openOutside(outbound),
      publicUrl,
      random: Math.random,
      onFault: (notificationId, fault) =>
        logger.error({ notificationId, err: fault }, 'a connector failed to read a notification'),
    }),
    now: times.databaseNow,
    random: Math.random,
    logger,
    metrics: createReadingMetrics(http),
    eventsStored: metrics.eventsStored,
  });
  onStop('readings', () => readings.stop());
  health.addLiveness('workers', () => readings.isRunning());

  const handler = express().disable('x-powered-by').enable('case sensitive routing');
  handler.all(WEBHOOK_PATH, webhook).use(refuseUnreadablePath).use(api.handler);
  return { ...api, handler };
}

async function openStoreFor({ settings, logger, metrics, health, onStop }: Context): Promise<Store> {
  const store = await openStore({
    mongoUrl: settings.MONGO_URL,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    appName: 'owngateway-ingress',
  });
  onStop('store', () => store.close());
  await store.ensureIndexes();
  health.addReadiness('mongo', () => store.ping());
  watchSeals({ survey: (walk) => store.seals.survey(walk), logger, metrics, onStop });
  watchClock({ databaseNow: () => store.clock.now(), logger, metrics, onStop });
  return store;
}
