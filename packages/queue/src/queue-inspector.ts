import type { Job, Queue } from 'bullmq';
import { openQueues, type QueueHandle, type QueueSettings } from './open-queues.ts';
import type { WorkedQueueKind } from './queue-names.ts';
import { createRedisConnection } from './redis-connection.ts';

/** How many dead letters the tools' window holds (rule 17). */
const DEAD_LETTER_WINDOW = 10_000;

/** How many jobs of a state are looked at for the oldest; the lists are in order, so the first ones do. */
const SAMPLE = 100;

/** An overflow lane with more jobs than this is not listed: its sweep waits until it has drained so far. Of the first lane, so many are. */
const MOST_LISTED = 50_000;

/** The event that stands in the id of a job. */
const EVENT_IN_JOB_ID = /evt_[0-9a-f]+/;

export interface QueueDepth {
  waiting: number;
  delayed: number;
  active: number;
}

/** What the sweeper and the metrics ask of the queues. Every call rejects when Redis is away. */
export interface QueueInspector {
  /** When the oldest `events` job that waits, runs or is put back was added; null when there is none (rule 5). */
  oldestEventsJobAt(): Promise<Date | null>;
  /**
   * The oldest event that a job of the overflow lane is named after, whatever its turn; ids of events begin with their time. `none`: there
   * is no job; `unknown`: there are too many to look through.
   */
  oldestOverflowEvent(): Promise<{ eventId: string } | 'none' | 'unknown'>;
  /** Jobs that wait or are delayed, by queue. */
  depths(): Promise<Record<WorkedQueueKind, QueueDepth>>;
  /** Jobs that a worker could take now, by the name of their queue. */
  waitingByQueue(): Promise<ReadonlyMap<string, number>>;
  /** Removes the oldest dead letters beyond the window. */
  trimDeadLetters(): Promise<void>;
  close(): Promise<void>;
}

export function createQueueInspector(settings: QueueSettings): QueueInspector {
  const connection = createRedisConnection(settings.redisUrl, 'producer');
  connection.on('error', () => {
    // Connects again by itself; the call that needed it rejects.
  });
  const events = openQueues('events', settings, connection);
  const overflow = openQueues('events-overflow', settings, connection);
  const deliveries = openQueues('deliveries', settings, connection);
  const retries = openQueues('retries', settings, connection);
  const notifications = openQueues('notifications', settings, connection);
  const deadLetters = openQueues('dead-letters', settings, connection);

  return {
    async oldestEventsJobAt() {
      const times = (await Promise.all(events.map((handle) => handle.use(oldestJobTimes)))).flat();
      return times.length === 0 ? null : new Date(Math.min(...times));
    },
    async oldestOverflowEvent() {
      const ids = (await Promise.all(overflow.map((handle) => handle.use(idsOfJobs)))).flat();
      if (ids.length > MOST_LISTED) return 'unknown';
      const events = ids.flatMap((id) => EVENT_IN_JOB_ID.exec(id)?.[0] ?? []);
      const [first, ...others] = events;
      if (first === undefined) return 'none';
      return { eventId: others.reduce((oldest, id) => (id < oldest ? id : oldest), first) };
    },
    async depths() {
      const [ofEvents, ofOverflow, ofDeliveries, ofRetries, ofNotifications] = await Promise.all([
        depthOf(events),
        depthOf(overflow),
        depthOf(deliveries),
        depthOf(retries),
        depthOf(notifications),
      ]);
      return {
        events: ofEvents,
        'events-overflow': ofOverflow,
        deliveries: ofDeliveries,
        retries: ofRetries,
        notifications: ofNotifications,
      };
    },
    async waitingByQueue() {
      const counts = [...events, ...overflow, ...deliveries, ...retries, ...notifications].map((handle) =>
        handle.use(async (queue) => [queue.name, await queue.getJobCountByTypes('wait', 'prioritized')] as const),
      );
      return new Map(await Promise.all(counts));
    },
    async trimDeadLetters() {
      await Promise.all(deadLetters.map((handle) => handle.use(trim)));
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

async function oldestJobTimes(queue: Queue): Promise<number[]> {
  const [waiting, again, active, delayed] = await Promise.all([
    queue.getJobs(['wait'], 0, 0, true),
    oldestPutBack(queue),
    queue.getJobs(['active'], 0, SAMPLE, true),
    queue.getJobs(['delayed'], 0, SAMPLE, true),
  ]);
  // A job that ended between listing and loading is left out by BullMQ.
  return [...waiting, ...again, ...active, ...delayed].map((job) => job.timestamp);
}

/**
 * BullMQ puts a job whose backoff is over behind the ones that wait, however young they are. It is known by its id, which begins with
 * the time of its first event. A swept one needs no look: sweeping its event again adds nothing.
 */
async function oldestPutBack(queue: Queue): Promise<Job[]> {
  const ids = await queue.getRanges(['wait'], 0, MOST_LISTED, true);
  const [first, ...others] = ids.filter((id) => id.startsWith('evt_'));
  if (first === undefined) return [];
  const job = await queue.getJob(others.reduce((oldest, id) => (id < oldest ? id : oldest), first));
  return job === undefined ? [] : [job];
}

function idsOfJobs(queue: Queue): Promise<string[]> {
  return queue.getRanges(['prioritized', 'wait', 'active', 'delayed'], 0, MOST_LISTED);
}

async function trim(queue: Queue): Promise<void> {
  const excess = (await queue.getWaitingCount()) - DEAD_LETTER_WINDOW;
  if (excess > 0) await queue.clean(0, excess, 'wait');
}

async function depthOf(queues: QueueHandle<unknown>[]): Promise<QueueDepth> {
  const counts = await Promise.all(
    queues.map((handle) => handle.use((queue) => queue.getJobCounts('wait', 'prioritized', 'delayed', 'active'))),
  );
  const sum = (state: string) => counts.reduce((total, count) => total + (count[state] ?? 0), 0);
  return { waiting: sum('wait') + sum('prioritized'), delayed: sum('delayed'), active: sum('active') };
}
