import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type QueueKind, queueNames } from './queue-names.ts';

export interface QueueSettings {
  redisUrl: string;
  /** First part of every key. */
  prefix: string;
  /** Into how many queues `events`, `deliveries` and `retries` are split. */
  shards: number;
}

/** All shards of a queue, on a connection that the caller owns. Opens nothing until it is used. */
export function openQueues<Data>(kind: QueueKind, settings: QueueSettings, connection: Redis): Queue<Data>[] {
  return queueNames(kind, settings.shards).map((name) => {
    const queue = new Queue<Data>(name, {
      connection,
      prefix: settings.prefix,
      skipWaitingForReady: true,
      // Nobody reads the event stream of these queues; it would only take memory.
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', () => {
      // Errors of the connection, which connects again by itself; readiness reports them.
    });
    return queue;
  });
}
