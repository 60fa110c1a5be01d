import {
  type EventsJob,
  type OverflowJob,
  openWorkers,
  type QueueWorkers,
  type WorkerOptions,
} from '@owngateway/queue';
import { isStoreUnavailable } from '@owngateway/store';
import type { Job } from 'bullmq';
import type { FanOutEvents } from '../fan-out/fan-out-events.ts';
import type { YieldingPace } from '../overflow/yielding-pace.ts';

/** A fault that is not the store's absence will not go away by itself. */
const GIVES_UP_AFTER = 10;

/**
 * The edge between BullMQ and the fan-out. A job that throws comes back by backoff, and then looks for what exists.
 * One that cannot be done ends after some tries, because the sweeper takes up only what is older than the oldest job (rule 5);
 * it then brings the events back, each in a job to itself, so that one bad event holds up nothing but itself.
 */
export function openEventsWorkers(options: Omit<WorkerOptions, 'kind'>, fanOut: FanOutEvents): QueueWorkers {
  return openWorkers<EventsJob>({ ...options, kind: 'events' }, (job) => fanOutJob(job, fanOut, options.onFault));
}

/** The same for the overflow lane: few jobs at a time, at a pace that leaves room to the first lane (rule 10). */
export function openOverflowWorkers(
  options: Omit<WorkerOptions, 'kind'>,
  fanOut: FanOutEvents,
  pace: Pick<YieldingPace, 'turn'>,
): QueueWorkers {
  return openWorkers<OverflowJob>({ ...options, kind: 'events-overflow' }, async (job) => {
    await pace.turn(job.data.m, job.data.e.length);
    await fanOutJob(job, fanOut, options.onFault);
  });
}

async function fanOutJob(job: Job<EventsJob>, fanOut: FanOutEvents, onFault: (error: Error) => void): Promise<void> {
  const ranBefore = job.attemptsStarted > 1 || job.stalledCounter > 0;
  try {
    await fanOut(job.data.e, ranBefore || job.data.s === 1);
  } catch (error) {
    if (isStoreUnavailable(error) || job.attemptsMade + 1 < GIVES_UP_AFTER) throw error;
    onFault(error instanceof Error ? error : new Error('fan-out failed', { cause: error }));
  }
}
