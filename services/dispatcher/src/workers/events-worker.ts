import type { EventsJob } from '@owngateway/queue';
import type { FanOutEvents } from '../fan-out/fan-out-events.ts';
import { openWorkers, type QueueWorkers, type WorkerOptions } from './open-worker.ts';

/** The edge between BullMQ and the fan-out. A job that throws comes back by backoff, and then looks for what exists. */
export function openEventsWorkers(options: Omit<WorkerOptions, 'kind'>, fanOut: FanOutEvents): QueueWorkers {
  return openWorkers<EventsJob>({ ...options, kind: 'events' }, async (job) => {
    const ranBefore = job.attemptsStarted > 1 || job.stalledCounter > 0;
    await fanOut(job.data.e, ranBefore || job.data.s === 1);
  });
}
