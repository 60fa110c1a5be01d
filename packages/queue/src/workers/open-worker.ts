import { type Job, type Processor, Worker } from 'bullmq';
import type { QueueSettings } from '../open-queues.ts';
import { queueNames, type WorkedQueueKind } from '../queue-names.ts';
import { createRedisConnection } from '../redis-connection.ts';
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

/** What one worker is at. */
export interface WorkerState {
  /** The name of its queue. */
  readonly queue: string;
  /** Jobs that it has begun, ever. */
  readonly begun: number;
  /** Whether it could take one more. */
  readonly hasRoom: boolean;
  /** Told to take none. */
  readonly isPaused: boolean;
}

/** The workers of all shards of one queue. */
export interface QueueWorkers {
  /** Takes no more jobs; those at hand go on. */
  pause(): void;
  resume(): void;
  /**
   * Takes no more jobs and waits for those at hand, without a limit of its own. `force`: waits for nothing; for when Redis is
   * away, which could not be told that jobs have ended anyway.
   */
  close(options?: { force: boolean }): Promise<void>;
  /** False when a worker has stopped taking jobs without being told to. */
  isRunning(): boolean;
  /** One per shard. */
  states(): WorkerState[];
}

export interface WorkerOptions {
  kind: WorkedQueueKind;
  queues: QueueSettings;
  /** Jobs at a time, over all shards. */
  concurrency: number;
  random: () => number;
  /** A fault of the job's processor or of the connection to Redis. */
  onFault: (error: Error) => void;
}

/** Opens the workers of a queue. Redis may be away: they begin when it is there. */
export function openWorkers<Data>(
  options: WorkerOptions,
  process: (job: Job<Data>, token: string | undefined) => Promise<void>,
): QueueWorkers {
  const { queues } = options;
  const connection = createRedisConnection(queues.redisUrl, 'worker');
  connection.on('error', options.onFault);
  const names = queueNames(options.kind, queues.shards);
  const concurrency = Math.max(1, Math.ceil(options.concurrency / names.length));
  const begun = new Map(names.map((name) => [name, 0]));
  const ended = new Map(begun);
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const workers = names.map((name) => {
    const counted: typeof process = async (job, token) => {
      count(begun, name);
      await process(job, token).finally(() => count(ended, name));
    };
    const worker = new Worker<Data>(name, counted as Processor<Data>, {
      ...ENDURING,
      connection,
      prefix: queues.prefix,
      concurrency,
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
    async close({ force } = { force: false }) {
      await Promise.all(workers.map((worker) => worker.close(force)));
      connection.disconnect();
    },
    isRunning: () => workers.every((worker) => worker.isRunning() || worker.isPaused()),
    states: () =>
      workers.map((worker) => {
        const begunHere = begun.get(worker.name) ?? 0;
        const hasRoom = begunHere - (ended.get(worker.name) ?? 0) < concurrency;
        return { queue: worker.name, begun: begunHere, hasRoom, isPaused: worker.isPaused() };
      }),
  };
}
