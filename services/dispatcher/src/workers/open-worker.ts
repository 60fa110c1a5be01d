import { createRedisConnection, type QueueSettings, queueNames, type ShardedQueueKind } from '@owngateway/queue';
import { type Job, type Processor, Worker } from 'bullmq';
import { backoffMs } from './retry-later.ts';

/** What BullMQ's defaults get wrong for us (architecture, decision 4). */
const ENDURING = {
  // By default a job fails for good at its second crash.
  maxStalledCount: 1_000,
  // Recovery after a crash takes lock plus check, 60 s by default; longer than any attempt's silence is not needed.
  lockDuration: 15_000,
  stalledInterval: 5_000,
  // A job that is kept, finished or failed, would swallow its id for ever, and with it what the sweeper puts back.
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
};

/** The workers of all shards of one queue. */
export interface QueueWorkers {
  /** Takes no more jobs; those at hand go on. */
  pause(): void;
  resume(): void;
  /** Takes no more jobs and waits for those at hand, without a limit of its own. */
  close(): Promise<void>;
  /** False when a worker has stopped taking jobs without being told to. */
  isRunning(): boolean;
}

export interface WorkerOptions {
  kind: ShardedQueueKind;
  queues: QueueSettings;
  /** Jobs at a time, over all shards. */
  concurrency: number;
  random: () => number;
  /** A fault of the job's processor or of the connection to Redis. */
  onFault: (error: Error) => void;
}

export function openWorkers<Data>(
  options: WorkerOptions,
  process: (job: Job<Data>, token: string | undefined) => Promise<void>,
): QueueWorkers {
  const { queues } = options;
  const connection = createRedisConnection(queues.redisUrl, 'worker');
  connection.on('error', options.onFault);
  const names = queueNames(options.kind, queues.shards);
  const workers = names.map((name) => {
    const worker = new Worker<Data>(name, process as Processor<Data>, {
      ...ENDURING,
      connection,
      prefix: queues.prefix,
      concurrency: Math.max(1, Math.ceil(options.concurrency / names.length)),
      settings: {
        backoffStrategy: (attemptsMade, _type, error) => backoffMs(attemptsMade, error, options.random),
      },
    });
    worker.on('error', options.onFault);
    return worker;
  });

  return {
    pause: () => {
      for (const worker of workers) worker.pause(true).catch(options.onFault);
    },
    resume: () => {
      for (const worker of workers) worker.resume().catch(options.onFault);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      connection.disconnect();
    },
    isRunning: () => workers.every((worker) => worker.isRunning() || worker.isPaused()),
  };
}
