import type { QueueInspector, QueueProducer } from '@owngateway/queue';
import type { Logger } from '@owngateway/service-kit';
import type { Store } from '@owngateway/store';
import type { Backlogs } from '../backlog/backlogs.ts';
import type { DispatcherSettings } from '../config.ts';
import type { SubscriptionDirectory } from '../directory/subscription-directory.ts';
import type { DispatcherMetrics } from '../dispatcher-metrics.ts';
import type { Announcer } from '../switch-off/announcer.ts';
import { sweepDeliveries } from './sweep-deliveries.ts';
import { sweepEvents } from './sweep-events.ts';
import { createExpirySweep } from './sweep-expired.ts';
import { sweepHeld } from './sweep-held.ts';
import { sweepNotifications } from './sweep-notifications.ts';
import { sweepOverflow } from './sweep-overflow.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

export interface OpenSweeperOptions {
  store: Pick<Store, 'events' | 'deliveries' | 'notifications' | 'leases'>;
  /** Names this process. */
  holder: string;
  directory: SubscriptionDirectory;
  backlogs: Pick<Backlogs, 'send'>;
  announcer: Pick<Announcer, 'sweep'>;
  producer: QueueProducer;
  inspector: QueueInspector;
  now: () => Date;
  settings: Pick<DispatcherSettings, 'RETENTION_DAYS' | 'DEDUPE_DAYS'>;
  logger: Logger;
  metrics: Pick<DispatcherMetrics, 'swept' | 'troubles'>;
}

/** The sweeper with all its kinds of repair. */
export function openSweeper(options: OpenSweeperOptions): Sweeper {
  const { store, holder, directory, backlogs, announcer, producer, inspector, now, settings, logger, metrics } =
    options;
  return createSweeper({
    leases: store.leases,
    holder,
    sweeps: [
      { name: 'events', run: () => sweepEvents({ events: store.events, inspector, producer, now }) },
      { name: 'events-overflow', run: () => sweepOverflow({ events: store.events, inspector, producer, now }) },
      { name: 'deliveries', run: () => sweepDeliveries({ deliveries: store.deliveries, producer, now }) },
      { name: 'notifications', run: () => sweepNotifications({ notifications: store.notifications, producer, now }) },
      { name: 'announcements', run: () => announcer.sweep() },
      { name: 'held', run: () => sweepHeld({ deliveries: store.deliveries, directory, backlogs, now }) },
      {
        name: 'expired',
        run: createExpirySweep({
          events: store.events,
          deliveries: store.deliveries,
          now,
          retentionDays: settings.RETENTION_DAYS,
          dedupeDays: settings.DEDUPE_DAYS,
        }),
      },
      {
        name: 'dead-letters',
        run: async () => {
          await inspector.trimDeadLetters();
          return 0;
        },
      },
    ],
    onRepaired: (sweep, count) => {
      metrics.swept.inc({ sweep }, count);
      logger.warn({ sweep, count }, 'what was late was put back on its queue');
    },
    onFault: (sweep, error) => {
      metrics.troubles.inc({ what: `sweep_${sweep}` });
      logger.warn({ sweep, err: error }, 'a sweep failed and comes again');
    },
  });
}
