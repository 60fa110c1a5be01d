import { randomUUID } from 'node:crypto';
import { newId } from '@owngateway/domain';
import { createOutboundClient, policyOf } from '@owngateway/outbound';
import {
  assertNoEviction,
  createQueueInspector,
  createQueueProducer,
  createRedisConnection,
  type QueueSettings,
} from '@owngateway/queue';
import { type Logger, type Metrics, watchClock, watchSeals } from '@owngateway/service-kit';
import { createGroupCommit, type EventForDelivery, openStore, type Store } from '@owngateway/store';
import { createBacklogs } from './backlog/backlogs.ts';
import type { DispatcherSettings } from './config.ts';
import { createAftermath } from './delivery/after-settling.ts';
import { createMakeAttempt } from './delivery/attempt.ts';
import { createAttemptReport } from './delivery/attempt-report.ts';
import { createResultWriter } from './delivery/result-writer.ts';
import { createSubscriptionDirectory } from './directory/subscription-directory.ts';
import { createDispatcherMetrics } from './dispatcher-metrics.ts';
import { createEndpoints } from './endpoints/endpoints.ts';
import { createFanOutEvents, type FanOutTools } from './fan-out/fan-out-events.ts';
import { createFirstDelivery } from './fan-out/first-delivery.ts';
import { createCompany, createYieldingPace } from './overflow/yielding-pace.ts';
import { addQueueDepths } from './queue-depth-metrics.ts';
import { openReplays } from './replays/open-replays.ts';
import { createHeldBackNotes } from './retry/held-back-notes.ts';
import { createWaitingDelivery } from './retry/waiting-delivery.ts';
import { openDispatch } from './start/dispatch.ts';
import { createTroubleLog } from './start/trouble-log.ts';
import { openSweeper } from './sweeper/open-sweeper.ts';
import { createAnnouncer } from './switch-off/announcer.ts';
import { createFailingStreaks } from './switch-off/failing-streaks.ts';
import { createSwitchOff } from './switch-off/switch-off.ts';

/** What the service is given by whoever runs it: a process, or a test. */
export interface Surroundings {
  settings: DispatcherSettings;
  logger: Logger;
  metrics: Metrics;
  /** The last added is ended first. */
  onStop: (name: string, stop: () => unknown) => void;
  addReadiness: (name: string, check: () => unknown) => void;
  addLiveness: (name: string, check: () => boolean) => void;
}

/** The only place where adapters are constructed. Rejects when MongoDB is away or Redis would throw jobs away. */
export async function compose(surroundings: Surroundings): Promise<void> {
  const { settings, logger, onStop, addReadiness, addLiveness } = surroundings;
  const store = await openStoreFor(surroundings);
  const queues: QueueSettings = {
    redisUrl: settings.REDIS_URL,
    prefix: settings.QUEUE_PREFIX,
    shards: settings.QUEUE_SHARDS,
  };
  await refuseEviction(settings.REDIS_URL);
  const producer = createQueueProducer(queues);
  onStop('producer', () => producer.close());
  const inspector = createQueueInspector(queues);
  onStop('inspector', () => inspector.close());
  addQueueDepths(surroundings.metrics, inspector);
  addReadiness('redis', () => producer.ping());

  const outbound = createOutboundClient({
    policy: policyOf(settings),
    nameServers: settings.DNS_SERVERS,
    // `max_in_flight` and DELIVERY_CONCURRENCY bound what goes to an endpoint; a delivery that they let go must not wait here.
    connectionsPerOrigin: settings.DELIVERY_CONCURRENCY,
  });
  onStop('outbound', () => outbound.close());

  /** Names this process in leases. */
  const holder = randomUUID();
  const now = () => store.clock.now();
  const random = Math.random;
  const endpoints = createEndpoints({
    maxInFlight: settings.DELIVERY_CONCURRENCY,
    nowMs: () => now().getTime(),
    random,
  });
  const directory = createSubscriptionDirectory({
    subscriptions: store.subscriptions,
    merchants: store.merchants,
    clock: store.clock,
    onUnusable: (subscriptionId, error) => logger.error({ subscriptionId, err: error }, 'subscription cannot be used'),
    onMended: (subscriptionId) => logger.info({ subscriptionId }, 'subscription can be used again'),
  });
  const metrics = createDispatcherMetrics(surroundings.metrics, {
    inFlight: endpoints.inFlight,
    unusable: directory.unusable,
  });
  const { onTrouble } = createTroubleLog(logger, metrics);
  const stopped = new AbortController();
  const announcer = createAnnouncer({
    subscriptions: store.subscriptions,
    events: store.events,
    audit: store.audit,
    producer,
    environment: settings.ENVIRONMENT,
    now,
    onTrouble,
  });
  const switchOff = createSwitchOff({
    subscriptions: store.subscriptions,
    deliveries: store.deliveries,
    directory,
    announce: announcer.announce,
    newId,
    now,
  });
  const streaks = createFailingStreaks({ subscriptions: store.subscriptions, directory, switchOff, now, onTrouble });
  const attempt = createMakeAttempt({
    outbound,
    endpoints,
    streaks,
    newId,
    // Signatures carry the wall clock, which receivers compare with theirs.
    now: () => new Date(),
    databaseNow: now,
    stopped: stopped.signal,
    onUnsendable: (order, error) =>
      logger.error({ eventId: order.event.id, deliveryId: order.deliveryId, err: error }, 'event cannot be sent'),
    report: createAttemptReport(logger, metrics),
  });
  const aftermath = createAftermath({
    producer,
    switchOff,
    nowMs: () => now().getTime(),
    onTrouble,
  });
  const marks = createGroupCommit<string, void>({
    write: async (ids) => {
      await store.events.markFannedOut(ids);
      return ids.map(() => undefined);
    },
    maxGroup: 1_000,
    // Nobody waits for a mark, and the sweeper looks only at events ten seconds old.
    gather: { ms: 250, from: 1 },
  });

  const loads = createGroupCommit<string, EventForDelivery | undefined>({
    write: async (ids) => {
      const loaded = new Map((await store.events.loadForDelivery(ids)).map((event) => [event._id, event]));
      return ids.map((id) => loaded.get(id));
    },
    maxConcurrent: 2,
    gather: { ms: 5, from: 40 },
  });
  const events = {
    loadForDelivery: async (ids: readonly string[]) => (await loads.addAll(ids)).filter((event) => event !== undefined),
  };

  const monotonicMs = () => performance.now();
  const company = createCompany(monotonicMs);
  const pace = createYieldingPace({ perSecond: settings.OVERFLOW_PER_S, company, monotonicMs });
  const laterPace = createYieldingPace({ perSecond: settings.RETRIES_PER_S, company, monotonicMs });
  const heldBack = createHeldBackNotes({
    deliveries: store.deliveries,
    nowMs: () => now().getTime(),
    onTrouble: (error) => onTrouble('held_back', error),
  });
  const dispatch = openDispatch({
    pace,
    laterPace,
    queues,
    concurrency: settings.DELIVERY_CONCURRENCY,
    producer,
    inspector,
    random,
    now,
    onFault: (error) => onTrouble('worker', error),
    build: (writerEvents) => {
      const writer = createResultWriter(store.deliveries, writerEvents);
      const firstDelivery = createFirstDelivery({
        attempt,
        writer,
        aftermath,
        endpoints,
        deliveries: store.deliveries,
        producer,
        newId,
        now,
        random,
        onTrouble,
      });
      const fanOutTools: FanOutTools = {
        events,
        deliveries: store.deliveries,
        directory,
        firstDelivery,
        writer,
        producer,
        mark: (ids) =>
          marks.addAll(ids).then(
            () => undefined,
            (error: unknown) => onTrouble('mark', error),
          ),
        inHand: new Set(),
        pace,
        now,
        onTrouble,
      };
      const fanOutOverflow = createFanOutEvents(fanOutTools);
      const fanOut = createFanOutEvents({ ...fanOutTools, saw: company.saw });
      const waiting = createWaitingDelivery({
        deliveries: store.deliveries,
        events,
        directory,
        endpoints,
        attempt,
        writer,
        aftermath,
        laterPace,
        noteHeldBack: heldBack.note,
        newId,
        now,
        random,
      });
      const backlogs = createBacklogs({
        deliveries: store.deliveries,
        leases: store.leases,
        directory,
        endpoints,
        waiting,
        writer,
        newId,
        now,
        holder,
        atOnce: Math.ceil(settings.DELIVERY_CONCURRENCY / 4),
        onTrouble,
      });
      return { writer, firstDelivery, fanOut, fanOutOverflow, waiting, backlogs };
    },
  });
  const sweeper = openSweeper({
    store,
    holder,
    directory,
    backlogs: dispatch.backlogs,
    announcer,
    producer,
    inspector,
    now,
    settings,
    logger,
    metrics,
  });

  const replays = openReplays({ store, directory, producer, now, logger, metrics, onTrouble });

  onStop('streaks', () => streaks.drain());
  onStop('marks', () => Promise.all([marks.drain(), heldBack.stop()]));
  onStop('dispatch', () => dispatch.stop({ graceMs: settings.SHUTDOWN_GRACE_MS, cutOff: () => stopped.abort() }));
  onStop('sweeper', () => sweeper.stop());
  onStop('replays', () => replays.stop());
  addLiveness('workers', () => dispatch.isRunning());
  sweeper.start();
  replays.start();
}

async function openStoreFor({ settings, logger, metrics, onStop, addReadiness }: Surroundings): Promise<Store> {
  const store = await openStore({
    mongoUrl: settings.MONGO_URL,
    encryptionKeys: settings.ENCRYPTION_KEYS,
    appName: 'owngateway-dispatcher',
  });
  onStop('store', () => store.close());
  await store.ensureIndexes();
  addReadiness('mongo', () => store.ping());
  watchSeals({ survey: (walk) => store.seals.survey(walk), logger, metrics, onStop });
  watchClock({ databaseNow: () => store.clock.now(), logger, metrics, onStop });
  return store;
}

async function refuseEviction(redisUrl: string): Promise<void> {
  const connection = createRedisConnection(redisUrl, 'worker');
  try {
    await assertNoEviction(connection);
  } finally {
    connection.disconnect();
  }
}
