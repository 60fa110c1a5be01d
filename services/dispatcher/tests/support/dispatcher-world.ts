import { testDatabaseUrl, testQueuePrefix, testRedisUrl } from '@owngateway/local-stack/testing';
import {
  createQueueInspector,
  createQueueProducer,
  createRedisConnection,
  type QueueInspector,
  type QueueProducer,
} from '@owngateway/queue';
import {
  createHealth,
  createLogger,
  createMetrics,
  loadSettings,
  type StopStep,
  shutDown,
} from '@owngateway/service-kit';
import { type DeliveryRecord, openStore, type Store } from '@owngateway/store';
import type { Redis } from 'ioredis';
import { compose } from '../../src/compose.ts';
import { dispatcherSettings } from '../../src/config.ts';

const KEY = Buffer.alloc(32, 7);

/** The service, composed as its process composes it. */
export interface RunningDispatcher {
  log: string[];
  /** As a SIGTERM does: true when everything ended well and within the grace. */
  stop(): Promise<boolean>;
}

/** Stores that one test file has to itself, and dispatchers that work on them. */
export interface DispatcherWorld {
  store: Store;
  producer: QueueProducer;
  inspector: QueueInspector;
  redis: Redis;
  prefix: string;
  redisUrl: string;
  mongoUrl: string;
  start(env?: Record<string, string>): Promise<RunningDispatcher>;
  delivery(id: string): Promise<DeliveryRecord | null>;
  /** What FLUSHALL does to these queues: every key of theirs goes. Others share this Redis. */
  wipeQueues(): Promise<void>;
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<DispatcherWorld> {
  const mongoUrl = await testDatabaseUrl();
  const redisUrl = await testRedisUrl();
  const prefix = testQueuePrefix();
  const store = await openStore({ mongoUrl, encryptionKeys: [{ version: 1, key: KEY }], appName: 'dispatcher-tests' });
  await store.ensureIndexes();
  const queues = { redisUrl, prefix, shards: 1 };
  const producer = createQueueProducer(queues);
  const inspector = createQueueInspector(queues);
  const redis = createRedisConnection(redisUrl, 'worker');
  const running = new Set<RunningDispatcher>();

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const part of redis.scanStream({ match: `${prefix}:*`, count: 1_000 })) found.push(...part);
    return found;
  }

  return {
    store,
    producer,
    inspector,
    redis,
    prefix,
    redisUrl,
    mongoUrl,
    keys,
    async start(env = {}) {
      const settings = loadSettings(dispatcherSettings, {
        ENVIRONMENT: 'sandbox',
        MONGO_URL: mongoUrl,
        REDIS_URL: redisUrl,
        QUEUE_PREFIX: prefix,
        ENCRYPTION_KEYS: `1:${KEY.toString('base64')}`,
        ALLOWED_PRIVATE_RANGES: '127.0.0.0/8',
        SHUTDOWN_GRACE_MS: '10000',
        ...env,
      });
      const log: string[] = [];
      const logger = createLogger({
        service: 'dispatcher',
        level: 'debug',
        destination: { write: (line) => void log.push(line) },
      });
      const steps: StopStep[] = [];
      await compose({
        settings,
        logger,
        metrics: createMetrics({ service: 'dispatcher', defaults: false }),
        onStop: (name, stop) => void steps.push({ name, stop }),
        addReadiness: () => undefined,
        addLiveness: () => undefined,
      });
      const dispatcher: RunningDispatcher = {
        log,
        stop() {
          running.delete(dispatcher);
          const health = createHealth({ onFailure: () => undefined });
          return shutDown({ graceMs: settings.SHUTDOWN_GRACE_MS, health, logger, servers: [], steps });
        },
      };
      running.add(dispatcher);
      return dispatcher;
    },
    delivery: (id) => store.deliveries.get({ level: 'operator' }, id),
    async wipeQueues() {
      const all = await keys();
      if (all.length > 0) await redis.unlink(...all);
    },
    async close() {
      await Promise.all([...running].map((one) => one.stop()));
      await Promise.all([producer.close(), inspector.close()]);
      redis.disconnect();
      await store.close();
    },
  };
}
