import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type QueueKind, queueNames } from './queue-names.ts';

/** How long a call waits for a connection that is just being made. */
const CONNECTING_MS = 1_000;

export interface QueueSettings {
  redisUrl: string;
  /** First part of every key. */
  prefix: string;
  /** Into how many queues `events`, `deliveries` and `retries` are split. */
  shards: number;
}

/** Redis cannot be reached now. What was not enqueued is in MongoDB; the sweeper enqueues it. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';
  readonly code = 'REDIS_AWAY';
}

/** One queue that may be used as soon as, and whenever, Redis is there. */
export interface QueueHandle<Data> {
  /** Rejects with RedisAwayError at once when Redis is away. */
  use<Result>(work: (queue: Queue<Data>) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** All shards of a queue, on a connection that the caller owns. */
export function openQueues<Data>(kind: QueueKind, settings: QueueSettings, connection: Redis): QueueHandle<Data>[] {
  return queueNames(kind, settings.shards).map((name) => queueHandle<Data>(name, settings.prefix, connection));
}

function queueHandle<Data>(name: string, prefix: string, connection: Redis): QueueHandle<Data> {
  let queue: Queue<Data> | null = null;
  return {
    async use(work) {
      await readySoon(connection);
      queue ??= openQueue<Data>(name, prefix, connection);
      const current = queue;
      try {
        await current.waitUntilReady();
      } catch (error) {
        // BullMQ remembers a first contact that failed for good; the next call begins with a new queue.
        queue = null;
        throw error;
      }
      return await work(current);
    },
    async close() {
      await queue?.close();
    },
  };
}

function openQueue<Data>(name: string, prefix: string, connection: Redis): Queue<Data> {
  const queue = new Queue<Data>(name, {
    connection,
    prefix,
    skipWaitingForReady: true,
    // Nobody reads the event stream of these queues; it would only take memory.
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', () => {
    // Errors of the connection, which connects again by itself; calls reject and readiness reports them.
  });
  return queue;
}

async function readySoon(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return;
  if (connection.status !== 'connecting' && connection.status !== 'connect') throw new RedisAwayError('Redis is away');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ready = () => resolve();
  const timer = setTimeout(() => reject(new RedisAwayError('Redis is away')), CONNECTING_MS);
  connection.once('ready', ready);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    connection.off('ready', ready);
  }
}
