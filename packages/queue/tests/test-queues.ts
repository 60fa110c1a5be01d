import { testQueuePrefix, testRedisUrl } from '@owngateway/local-stack/testing';
import { type Job, Queue, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import {
  createQueueInspector,
  createQueueProducer,
  createRedisConnection,
  type QueueInspector,
  type QueueKind,
  type QueueProducer,
  type QueueSettings,
  queueNames,
} from '../src/index.ts';

/** Queues that one test has to itself, on the Redis of the run. */
export interface TestQueues {
  settings: QueueSettings;
  redis: Redis;
  producer: QueueProducer;
  inspector: QueueInspector;
  /** BullMQ's own view of a queue. */
  queue(kind: QueueKind, shard?: number): Queue;
  work(
    kind: QueueKind,
    process: (job: Job, token?: string) => Promise<unknown>,
    options?: Partial<WorkerOptions>,
  ): Worker;
  close(): Promise<void>;
}

export async function openTestQueues(shards = 1): Promise<TestQueues> {
  const settings = { redisUrl: await testRedisUrl(), prefix: testQueuePrefix(), shards };
  const redis = createRedisConnection(settings.redisUrl, 'worker');
  const producer = createQueueProducer(settings);
  const inspector = createQueueInspector(settings);
  const opened: { close(): Promise<void> }[] = [];
  const nameOf = (kind: QueueKind, shard: number) => queueNames(kind, shards)[shard] ?? '';
  return {
    settings,
    redis,
    producer,
    inspector,
    queue(kind, shard = 0) {
      const queue = new Queue(nameOf(kind, shard), { connection: redis, prefix: settings.prefix });
      opened.push(queue);
      return queue;
    },
    work(kind, process, options = {}) {
      const worker = new Worker(nameOf(kind, 0), process, { connection: redis, prefix: settings.prefix, ...options });
      opened.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(opened.map((one) => one.close()));
      await Promise.all([producer.close(), inspector.close()]);
      redis.disconnect();
    },
  };
}
