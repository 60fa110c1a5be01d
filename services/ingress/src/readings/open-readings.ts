import {
  type NotificationJob,
  openWorkers,
  type QueueInspector,
  type QueueProducer,
  type QueueSettings,
  RetryLater,
  watchForStandstill,
} from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { Counter } from 'prom-client';
import { Room } from '../memory/room.ts';
import { within } from '../time/within.ts';
import type { ReadAgain, ReadingOutcome } from './read-again.ts';
import type { ReadingMetrics } from './reading-metrics.ts';

/** Readings at a time; most of their time they wait for a vendor. */
const AT_ONCE = 24;
/** Of one connector account, so that a slow API holds up its own merchant only. */
const AT_ONCE_OF_ACCOUNT = 6;
/** How long one waits for the others of its account, at least; up to twice as long. */
const ROOM_MS = 1_000;
/** What is left of a stop for saying good-bye to a Redis that may be away. */
const CLOSING_MS = 2_000;
/** The same fault is logged once in this time; the counter counts every one. */
const QUIET_MS = 5_000;

export interface OpenReadingsOptions {
  queues: QueueSettings;
  inspector: Pick<QueueInspector, 'waitingByQueue'>;
  producer: Pick<QueueProducer, 'ping'>;
  readAgain: ReadAgain;
  /** The database's clock. */
  now: () => Date;
  random: () => number;
  logger: Logger;
  metrics: ReadingMetrics;
  eventsStored: Pick<Counter<'source'>, 'inc'>;
}

/** The worker that reads notifications again, and how it stops. */
export interface Readings {
  /** False when it has stopped taking jobs, by its own word or by what is seen of it. */
  isRunning(): boolean;
  /** Takes no more jobs, and waits for those at hand. */
  stop(): Promise<void>;
}

/**
 * The edge between BullMQ and notifications that are read again. When one is due stands in its document, so a job that comes
 * too early, or looked in vain, goes back until then.
 */
export function openReadings(options: OpenReadingsOptions): Readings {
  const { queues, inspector, producer, readAgain, now, random, logger, metrics } = options;
  const room = new Room({ total: AT_ONCE, perKey: AT_ONCE_OF_ACCOUNT });
  const atHand = new Set<Promise<unknown>>();
  let loggedAtMs = Number.NEGATIVE_INFINITY;

  function onFault(error: Error): void {
    metrics.readings.inc({ connector: 'unknown', outcome: 'fault' });
    const nowMs = performance.now();
    if (nowMs - loggedAtMs >= QUIET_MS) {
      loggedAtMs = nowMs;
      logger.warn({ err: error }, 'reading notifications again: trouble that heals itself');
    }
  }

  function report(notificationId: string, outcome: ReadingOutcome): void {
    if (outcome.kind === 'early') {
      return;
    }
    const connector = outcome.connector ?? 'unknown';
    if (outcome.kind === 'again') {
      metrics.readings.inc({ connector, outcome: 'again' });
      return;
    }
    const { how, newEvents } = outcome;
    metrics.readings.inc({ connector, outcome: how });
    if (newEvents > 0) {
      options.eventsStored.inc({ source: 'notification' }, newEvents);
    }
    logger[how === 'given_up' ? 'warn' : 'debug'](
      { notificationId, connector, how, newEvents },
      'notification read again',
    );
  }

  async function process({ n: notificationId, r: round, a: accountId }: NotificationJob): Promise<void> {
    const outcome = await room.run(accountId, () => readAgain(notificationId, round));
    if (outcome === 'full') {
      throw new RetryLater(ROOM_MS * (1 + random()));
    }
    report(notificationId, outcome);
    if (outcome.kind !== 'ended') {
      throw new RetryLater(outcome.at.getTime() - now().getTime());
    }
  }

  const workers = openWorkers<NotificationJob>(
    { kind: 'notifications', queues, concurrency: AT_ONCE, random, onFault },
    async ({ data }) => {
      const work = process(data);
      const done = work.catch(() => undefined);
      atHand.add(done);
      await work.finally(() => atHand.delete(done));
    },
  );
  const standstill = watchForStandstill({
    workers: () => workers.states(),
    waiting: () => inspector.waitingByQueue(),
    onStandstill: (queue) => onFault(new Error(`the worker of ${queue} takes no jobs, although some wait`)),
  });
  standstill.start();

  return {
    isRunning: () => workers.isRunning() && !standstill.found(),
    async stop() {
      standstill.stop();
      workers.pause();
      await Promise.all(atHand);
      const isThere = await within(isReachable(producer), CLOSING_MS, false);
      // A job that Redis did not hear the end of runs again elsewhere, and finds nothing to do.
      await within(workers.close({ force: !isThere }), CLOSING_MS, undefined);
    },
  };
}

function isReachable(producer: Pick<QueueProducer, 'ping'>): Promise<boolean> {
  return producer.ping().then(
    () => true,
    () => false,
  );
}
