import {
  type DeliveryJob,
  openWorkers,
  type QueueProducer,
  type QueueWorkers,
  RetryLater,
  type WorkerOptions,
} from '@owngateway/queue';
import { DelayedError, type Job } from 'bullmq';
import type { WaitingDelivery } from '../retry/waiting-delivery.ts';

type LaneOptions = Omit<WorkerOptions, 'kind'> & { now: () => Date };

/**
 * The edge between BullMQ and deliveries that had to wait for their first attempt. One that fails moves to `retries`, so
 * that a backlog of retries never delays first attempts.
 */
export function openDeliveriesWorkers(
  options: LaneOptions,
  process: WaitingDelivery['process'],
  producer: Pick<QueueProducer, 'addRetries'>,
): QueueWorkers {
  const untilMs = untilBy(options.now);
  return openWorkers<DeliveryJob>({ ...options, kind: 'deliveries' }, async (job, token) => {
    const { d: deliveryId, r: round, s: subscriptionId = null } = job.data;
    const outcome = await process(deliveryId, round, subscriptionId, 'first', queuedForMs(job));
    if (outcome.kind === 'defer') await deferJob(job, token, untilMs(outcome.at));
    if (outcome.kind === 'retry') {
      const delayMs = untilMs(outcome.at);
      await producer.addRetries([{ deliveryId, round, subscriptionId, delayMs }]).catch(options.onFault);
    }
  });
}

/** The edge between BullMQ and later attempts: BullMQ's own backoff brings the same job back when the document says. */
export function openRetriesWorkers(options: LaneOptions, process: WaitingDelivery['process']): QueueWorkers {
  const untilMs = untilBy(options.now);
  return openWorkers<DeliveryJob>({ ...options, kind: 'retries' }, async (job, token) => {
    const outcome = await process(job.data.d, job.data.r, job.data.s ?? null, 'later', queuedForMs(job));
    if (outcome.kind === 'defer') await deferJob(job, token, untilMs(outcome.at));
    if (outcome.kind === 'retry') throw new RetryLater(untilMs(outcome.at));
  });
}

/** How long the job has existed, by the clock of this machine, which made it or one like it. */
function queuedForMs(job: Job<DeliveryJob>): number {
  return Date.now() - job.timestamp;
}

/** Milliseconds until a moment of the database's clock; 0 when it has passed. */
function untilBy(now: () => Date): (at: Date) => number {
  return (at) => Math.max(0, at.getTime() - now().getTime());
}

/**
 * Puts the job back without using up an attempt. BullMQ compares with this machine's clock, so the time to wait is handed
 * on and not the database's time: were its clock behind, the job would come back at once, again and again.
 */
async function deferJob(job: Job<DeliveryJob>, token: string | undefined, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
