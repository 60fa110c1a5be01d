import type { JobsOptions, Queue } from 'bullmq';
import {
  type DeadLetterJob,
  type DeliveryJob,
  deliveryJobId,
  type EventsJob,
  MAX_EVENTS_PER_JOB,
  type NotificationJob,
  notificationJobId,
  type OverflowJob,
} from './jobs.ts';
import { openQueues, type QueueHandle, type QueueSettings } from './open-queues.ts';
import { type QueueKind, shardOf } from './queue-names.ts';
import { createRedisConnection } from './redis-connection.ts';

/**
 * Options that every job carries. MongoDB decides when to give up (rule 6), so BullMQ never does: attempts are as good as
 * endless, and the delay comes from the worker's own strategy.
 */
const ENDURING: JobsOptions = { attempts: 1_000_000, backoff: { type: 'custom' } };

export interface DeliveryToEnqueue {
  deliveryId: string;
  round: number;
  /** When it is known: spares the worker a look at MongoDB while the endpoint is full or broken. */
  subscriptionId?: string | null;
  /** Milliseconds from now; 0 for at once. */
  delayMs: number;
}

export interface OverflowToEnqueue {
  eventId: string;
  merchantId: string;
  /**
   * How much of this merchant's waits before it, in events: smaller goes first, so that merchants take turns and one that has
   * just begun to exceed its share does not wait behind another's flood.
   */
  behind: number;
}

export interface NotificationToEnqueue {
  notificationId: string;
  accountId: string;
  round: number;
}

/** BullMQ's largest priority; 52 million events behind one is as bad as more. */
const LAST_TURN = 2_097_151;

/** Puts ids on the queues. Every add is safe to repeat; a rejected one is unknown and left to the sweeper. */
export interface QueueProducer {
  /** Adds the events in jobs of up to 25 ids. `swept` tells the worker to look for what exists first. */
  addEvents(eventIds: readonly string[], options?: { swept: boolean }): Promise<void>;
  /** What exceeds its merchant's share, in jobs of up to 25 ids of one merchant, which take turns with other merchants' jobs. */
  addOverflow(events: readonly OverflowToEnqueue[], options?: { swept: boolean }): Promise<void>;
  /** First attempts that must wait. */
  addDeliveries(deliveries: readonly DeliveryToEnqueue[]): Promise<void>;
  /**
   * Later attempts, replays, and what the sweeper finds. `instead`: in place of jobs of the same rounds that wait for another
   * time, which would swallow them; not of one that is being worked on.
   */
  addRetries(deliveries: readonly DeliveryToEnqueue[], options?: { instead: boolean }): Promise<void>;
  /** Notifications to be read again. */
  addNotifications(notifications: readonly NotificationToEnqueue[]): Promise<void>;
  addDeadLetters(deliveryIds: readonly string[]): Promise<void>;
  /** Rejects when Redis is away. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Connects lazily: a service may start while Redis is away. */
export function createQueueProducer(settings: QueueSettings): QueueProducer {
  const connection = createRedisConnection(settings.redisUrl, 'producer');
  connection.on('error', () => {
    // ioredis connects again by itself; readiness reports it through `ping`.
  });
  const open = <Data>(kind: QueueKind) => openQueues<Data>(kind, settings, connection);
  const events = open<EventsJob>('events');
  const overflow = open<OverflowJob>('events-overflow');
  const deliveries = open<DeliveryJob>('deliveries');
  const retries = open<DeliveryJob>('retries');
  const notifications = open<NotificationJob>('notifications');
  const deadLetters = open<DeadLetterJob>('dead-letters');

  return {
    addEvents: (ids, options) => addInShards(events, eventsJobs(ids, options?.swept ?? false)),
    addOverflow: (list, options) => addInShards(overflow, overflowJobs(list, options?.swept ?? false)),
    addDeliveries: (list) => addInShards(deliveries, list.map(deliveryJob)),
    addRetries: (list, options) => addInShards(retries, list.map(deliveryJob), options),
    addNotifications: (list) => addInShards(notifications, list.map(notificationJob)),
    addDeadLetters: (ids) => addInShards(deadLetters, ids.map(deadLetterJob)),
    async ping() {
      await connection.ping();
    },
    async close() {
      await Promise.all(
        [...events, ...overflow, ...deliveries, ...retries, ...notifications, ...deadLetters].map((queue) =>
          queue.close(),
        ),
      );
      connection.disconnect();
    },
  };
}

interface JobToAdd<Data> {
  name: string;
  data: Data;
  opts: JobsOptions & { jobId: string };
}

function eventsJobs(ids: readonly string[], swept: boolean): JobToAdd<EventsJob>[] {
  // A swept event has a job to itself: its id then stands for exactly that event, and sweeping it twice adds nothing.
  if (swept)
    return ids.map((id) => ({ name: 'e', data: { e: [id], s: 1 }, opts: { ...ENDURING, jobId: `swept-${id}` } }));
  const jobs: JobToAdd<EventsJob>[] = [];
  for (let start = 0; start < ids.length; start += MAX_EVENTS_PER_JOB) {
    const e = ids.slice(start, start + MAX_EVENTS_PER_JOB);
    jobs.push({ name: 'e', data: { e }, opts: { ...ENDURING, jobId: e[0] as string } });
  }
  return jobs;
}

function overflowJobs(list: readonly OverflowToEnqueue[], swept: boolean): JobToAdd<OverflowJob>[] {
  const inJob = swept ? 1 : MAX_EVENTS_PER_JOB;
  return [...Map.groupBy(list, ({ merchantId }) => merchantId)].flatMap(([m, own]) => {
    const jobs: JobToAdd<OverflowJob>[] = [];
    for (let start = 0; start < own.length; start += inJob) {
      const part = own.slice(start, start + inJob);
      const [first] = part as [OverflowToEnqueue];
      const priority = Math.min(1 + Math.floor(first.behind / MAX_EVENTS_PER_JOB), LAST_TURN);
      jobs.push({
        name: 'o',
        data: { m, e: part.map(({ eventId }) => eventId), ...(swept ? { s: 1 } : {}) },
        opts: { ...ENDURING, priority, jobId: swept ? `swept-${first.eventId}` : first.eventId },
      });
    }
    return jobs;
  });
}

function deliveryJob({ deliveryId, round, subscriptionId = null, delayMs }: DeliveryToEnqueue): JobToAdd<DeliveryJob> {
  const opts = { ...ENDURING, jobId: deliveryJobId(deliveryId, round) };
  return {
    name: 'd',
    data: subscriptionId === null ? { d: deliveryId, r: round } : { d: deliveryId, r: round, s: subscriptionId },
    opts: delayMs > 0 ? { ...opts, delay: Math.ceil(delayMs) } : opts,
  };
}

function notificationJob({ notificationId, accountId, round }: NotificationToEnqueue): JobToAdd<NotificationJob> {
  const opts = { ...ENDURING, jobId: notificationJobId(notificationId, round) };
  return { name: 'n', data: { n: notificationId, r: round, a: accountId }, opts };
}

function deadLetterJob(deliveryId: string): JobToAdd<DeadLetterJob> {
  return { name: 'dead', data: { d: deliveryId }, opts: { jobId: `dead-${deliveryId}` } };
}

async function addInShards<Data>(
  shards: QueueHandle<Data>[],
  jobs: readonly JobToAdd<Data>[],
  { instead } = { instead: false },
): Promise<void> {
  const byShard = Map.groupBy(jobs, (job) => shardOf(job.opts.jobId, shards.length));
  await Promise.all(
    [...byShard].map(([shard, list]) =>
      (shards[shard] as QueueHandle<Data>).use(async (queue) => {
        if (instead) await Promise.all(list.map(({ opts }) => queue.remove(opts.jobId)));
        await addAll(queue, list);
      }),
    ),
  );
}

/** `addBulk` is a pipeline, not a transaction: a rejected one may have added some, which the fixed ids make harmless. */
async function addAll<Data>(queue: Queue<Data>, jobs: JobToAdd<Data>[]): Promise<void> {
  // BullMQ derives name and data types conditionally from Data, which a generic function cannot follow.
  const target = queue as unknown as Queue<unknown, unknown, string>;
  const [only] = jobs;
  if (jobs.length === 1 && only !== undefined) await target.add(only.name, only.data, only.opts);
  else if (jobs.length > 1) await target.addBulk(jobs);
}
