import { randomUUID } from 'node:crypto';
import type { QueueProducer } from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { Store } from '@owngateway/store';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { DispatcherMetrics } from '../dispatcher-metrics.ts';
import { createReplayBatch } from './replay-batch.ts';
import { createReplayRunner, type ReplayRunner } from './replay-runner.ts';
import { createReplayStep } from './replay-step.ts';

export interface OpenReplaysOptions {
  store: Pick<Store, 'replays' | 'deliveries' | 'events' | 'merchants'>;
  directory: SubscriptionDirectory;
  producer: QueueProducer;
  now: () => Date;
  logger: Logger;
  metrics: Pick<DispatcherMetrics, 'bulkReplayed'>;
  onTrouble: (what: string, error: unknown) => void;
}

/** Bulk replays, with all that they need. */
export function openReplays({ store, logger, metrics, onTrouble, ...tools }: OpenReplaysOptions): ReplayRunner {
  const batch = createReplayBatch({ ...tools, deliveries: store.deliveries, events: store.events, onTrouble });
  return createReplayRunner({
    replays: store.replays,
    step: createReplayStep({ ...store, batch, now: tools.now }),
    newToken: randomUUID,
    now: tools.now,
    onStep: (replay, { counts, nextStepAt }) => {
      for (const [outcome, count] of Object.entries(counts)) metrics.bulkReplayed.inc({ outcome }, count);
      if (nextStepAt === null) logger.info({ replayId: replay._id }, 'bulk replay done');
    },
    onFault: (error) => onTrouble('replay', error),
  });
}
