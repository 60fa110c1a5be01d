import { newId } from '@owngateway/domain';
import { createAxios, createOutboundClient } from '@owngateway/outbound';
import { createQueueProducer, type QueueProducer } from '@owngateway/queue';
import {
  type App,
  createTokenVerifier,
  type FetchJson,
  type ServiceContext,
  tokenSettingsOf,
  watchClock,
  watchSeals,
} from '@owngateway/service-kit';
import { openStore, type Store } from '@owngateway/store';
import express from 'express';
import { createAccountDirectory } from './accounts/account-directory.ts';
import type { ingressSettings } from './config.ts';
import { refuseEvictingRedis } from './enqueue/check-redis.ts';
import { createEnqueuer } from './enqueue/enqueuer.ts';
import { createIngressMetrics, type IngressMetrics } from './ingress-metrics.ts';
import { IntakeLimit } from './notifications/intake-limit.ts';
import { createReceiveNotification } from './notifications/receive-notification.ts';
import { createRefusalGate } from './notifications/refusal-gate.ts';
import { createRepeats } from './notifications/repeats.ts';
import { createWebhookRoute, refuseUnreadablePath, WEBHOOK_PATH } from './notifications/webhook-route.ts';
import { createRaiseEvents } from './raised-events/raise-events.ts';
import { addRaisedEventsRoute } from './raised-events/raised-events-route.ts';
import { createEventLog } from './recording/event-log.ts';
import { createNotificationLog } from './recording/notification-log.ts';
import { MerchantShares } from './shares/merchant-shares.ts';

type Context = ServiceContext<typeof ingressSettings>;

/** At 4,000 a second half a second's worth; what a slow store makes wait, not what a quick one needs. */
const MAX_NOTIFICATIONS = 2_000;
const MIB = 1_048_576;
const API_BODY_LIMIT_BYTES = MIB;

/** The only place where adapters are constructed. Rejects when MongoDB is away or Redis would evict; Redis may be away. */
export async function compose(context: Context): Promise<App> {
  const { settings, logger, metrics: http, health, onStop } = context;
  if (!(await refuseEvictingRedis(settings.REDIS_URL))) {
    logger.warn('Redis cannot be reached: events are accepted and stored; the sweeper enqueues them later');
  }
  const producer = createQueueProducer({
    redisUrl: settings.REDIS_URL,
    prefix: settings.QUEUE_PREFIX,
    shards: settings.QUEUE_SHARDS,
  });
  onStop('queues', () => producer.close());
  const store = await openStore({
    mongoUrl: settings.MONGO_URL,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    appName: 'owngateway-ingress',
  });
  onStop('store', () => store.close());
  await store.ensureIndexes();
  health.addReadiness('mongo', () => store.ping());
  watchSeals({ survey: (walk) => store.seals.survey(walk), logger, metrics: http, onStop });
  watchClock({ databaseNow: () => store.clock.now(), logger, metrics: http, onStop });

  const clock = () => performance.now();
  const limit = new IntakeLimit({ maxNotifications: MAX_NOTIFICATIONS, maxBytes: settings.INTAKE_MIB * MIB }, clock);
  const metrics = createIngressMetrics(http, limit);
  const { eventLog, notificationLog } = createLogs(context, { store, producer, metrics });
  const { ENVIRONMENT: environment, SUPPORT_CONTACT: supportContact } = settings;
  const times = { now: () => new Date(), databaseNow: () => store.clock.now() };

  const receive = createReceiveNotification({
    ...times,
    environment,
    newId,
    dedupeDays: settings.DEDUPE_DAYS,
    accounts: createAccountDirectory(store.connectorAccounts, clock),
    eventLog,
    notificationLog,
    repeats: createRepeats(clock),
  });
  const api = context.createApp({ tokens: tokenVerifier(context, store), bodyLimitBytes: API_BODY_LIMIT_BYTES });
  addRaisedEventsRoute(api, {
    raiseEvents: createRaiseEvents({ ...times, environment, newId, eventLog }),
    merchants: store.merchants,
    idempotency: store.idempotency,
    metrics,
    now: times.databaseNow,
  });
  const publicUrl = settings.PUBLIC_INGRESS_URL;
  const gate = createRefusalGate();
  onStop('refusal gate', () => gate.close());
  const webhook = createWebhookRoute({ receive, limit, publicUrl, supportContact, logger, http, metrics, clock, gate });
  const handler = express().disable('x-powered-by').enable('case sensitive routing');
  handler.all(WEBHOOK_PATH, webhook).use(refuseUnreadablePath).use(api.handler);
  return { ...api, handler };
}

/** Where everything is stored, and on from there to the queue. On a stop they are emptied in the order of that flow. */
function createLogs(
  { settings, logger, onStop }: Context,
  { store, producer, metrics }: { store: Store; producer: QueueProducer; metrics: IngressMetrics },
) {
  const enqueuer = createEnqueuer({
    producer,
    onLost(count, fault) {
      metrics.notEnqueued.inc(count);
      logger.debug({ count, err: fault }, 'events not enqueued; the sweeper finds them');
    },
  });
  onStop('enqueuer', () => enqueuer.drain());
  const onFault = (collection: string) => (fault: unknown) => {
    metrics.writeFaults.inc({ collection });
    logger.warn({ collection, err: fault }, 'a group was not written; it is written again');
  };
  const eventLog = createEventLog({
    events: store.events,
    shares: new MerchantShares({ perSecond: settings.MERCHANT_SHARE_PER_S, burst: settings.MERCHANT_SHARE_BURST }, () =>
      performance.now(),
    ),
    onStored: (ids) => enqueuer.offer(ids),
    onOverflow(overflowing) {
      metrics.overflowed.inc(overflowing.length);
      enqueuer.offerOverflow(overflowing);
    },
    onFault: onFault('events'),
  });
  const notificationLog = createNotificationLog(store.notifications, onFault('notifications'));
  onStop('logs', () => Promise.all([eventLog.drain(), notificationLog.drain()]));
  return { eventLog, notificationLog };
}

/** Only an identity provider's key set is fetched, and only through the guarded client (rule 16). */
function tokenVerifier({ settings, onStop }: Context, store: Store) {
  const isRevoked = (jti: string) => store.revokedTokens.isRevoked(jti);
  if (settings.JWT_JWKS_URL === undefined) {
    return createTokenVerifier(tokenSettingsOf(settings), { isRevoked });
  }
  const policy = { environment: settings.ENVIRONMENT, allowHttp: false, allowedPrivateRanges: [] };
  const client = createOutboundClient({ policy });
  onStop('outbound', () => client.close());
  const axios = createAxios(client);
  const fetchJson: FetchJson = async (url) => (await axios.get<unknown>(url, { responseType: 'json' })).data;
  return createTokenVerifier(tokenSettingsOf(settings), { isRevoked, fetchJson });
}
