import { setTimeout as sleep } from 'node:timers/promises';
import {
  MAX_EVENTS_PER_JOB,
  type QueueInspector,
  type QueueProducer,
  type QueueSettings,
  type QueueWorkers,
  watchForStandstill,
} from '@owngateway/queue';
import type { Backlogs } from '../backlog/backlogs.ts';
import type { WriterEvents } from '../delivery/persistence-gate.ts';
import type { ResultWriter } from '../delivery/result-writer.ts';
import type { FanOutEvents } from '../fan-out/fan-out-events.ts';
import type { FirstDelivery } from '../fan-out/first-delivery.ts';
import type { YieldingPace } from '../overflow/yielding-pace.ts';
import type { WaitingDelivery } from '../retry/waiting-delivery.ts';
import { openDeliveriesWorkers, openRetriesWorkers } from '../workers/delivery-workers.ts';
import { openEventsWorkers, openOverflowWorkers } from '../workers/events-worker.ts';

/** `events` jobs at a time; each carries up to 25 events, and what they may send at once has its own bound. */
const EVENTS_JOBS = 50;

/** Of all slots, the part that the overflow lane may fill: so many jobs at a time, of up to 25 events each. */
const OVERFLOW_PART = 1 / 2;

/** What is left of the grace period for writing results once requests have been cut off. */
const WRITING_MS = 2_000;

/** The use cases that the workers call. */
export interface DispatchWork {
  writer: ResultWriter;
  firstDelivery: FirstDelivery;
  fanOut: FanOutEvents;
  /** The fan-out of the overflow lane. */
  fanOutOverflow: FanOutEvents;
  waiting: WaitingDelivery;
  backlogs: Backlogs;
}

export interface DispatchOptions {
  queues: QueueSettings;
  /** Requests in flight, at the most. */
  concurrency: number;
  producer: Pick<QueueProducer, 'addRetries'>;
  inspector: Pick<QueueInspector, 'waitingByQueue'>;
  /** Of the overflow lane, and of what else must leave room to the first one. */
  pace: YieldingPace;
  /** Of later attempts. */
  laterPace: YieldingPace;
  random: () => number;
  now: () => Date;
  onFault: (error: Error) => void;
  /** Builds the work; the writer it makes must report to the given events, which pause and resume the workers (rule 8). */
  build: (events: WriterEvents) => DispatchWork;
}

/** All workers and how they stop. */
export interface Dispatch {
  /** For the sweeper, which finds them. */
  readonly backlogs: Pick<Backlogs, 'send'>;
  /** False when workers have stopped taking jobs, by their own word or by what is seen of them. */
  isRunning(): boolean;
  /**
   * Takes no more jobs and lets requests in flight finish. When the grace period nears its end, cuts off those without an
   * answer: only these go out twice (P2).
   */
  stop(options: { graceMs: number; cutOff: () => void }): Promise<void>;
}

export function openDispatch(options: DispatchOptions): Dispatch {
  const workers: QueueWorkers[] = [];
  const work = options.build({
    onBlocked: (error) => {
      options.onFault(error instanceof Error ? error : new Error('results cannot be written', { cause: error }));
      for (const one of workers) one.pause();
    },
    onWritable: () => {
      for (const one of workers) one.resume();
    },
  });
  const { queues, random, onFault, now } = options;
  workers.push(
    openEventsWorkers({ queues, random, onFault, concurrency: EVENTS_JOBS }, work.fanOut),
    openOverflowWorkers(
      { queues, random, onFault, concurrency: overflowJobs(options.concurrency) },
      work.fanOutOverflow,
      options.pace,
    ),
    openDeliveriesWorkers(
      { queues, random, onFault, now, concurrency: options.concurrency },
      work.waiting.process,
      options.producer,
    ),
    openRetriesWorkers({ queues, random, onFault, now, concurrency: options.concurrency }, work.waiting.process),
  );

  const standstill = watchForStandstill({
    workers: () => workers.flatMap((one) => one.states()),
    waiting: () => options.inspector.waitingByQueue(),
    onStandstill: (queue) => onFault(new Error(`the worker of ${queue} takes no jobs, although some wait`)),
  });
  standstill.start();

  async function finish(): Promise<void> {
    await Promise.all([work.backlogs.stop(), ...workers.map((one) => one.close())]);
    await work.firstDelivery.detached();
    await work.writer.drain();
  }

  return {
    backlogs: work.backlogs,
    isRunning: () => workers.every((one) => one.isRunning()) && !standstill.found(),
    async stop({ graceMs, cutOff }) {
      standstill.stop();
      options.pace.end();
      options.laterPace.end();
      const finished = finish();
      const patience = new AbortController();
      const late = sleep(Math.max(0, graceMs - WRITING_MS), 'late' as const, { signal: patience.signal }).catch(
        () => 'cancelled' as const,
      );
      if ((await Promise.race([finished, late])) === 'late') {
        cutOff();
        const abandoning = setTimeout(() => work.writer.abandon(), WRITING_MS / 2);
        await finished.catch(onFault).finally(() => clearTimeout(abandoning));
      }
      patience.abort();
    },
  };
}

function overflowJobs(slots: number): number {
  return Math.max(1, Math.floor((slots * OVERFLOW_PART) / MAX_EVENTS_PER_JOB));
}
