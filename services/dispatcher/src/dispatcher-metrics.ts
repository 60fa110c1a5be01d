import type { Metrics } from '@owngateway/service-kit';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What the dispatcher counts. No label holds a merchant, a subscription or a URL. */
export interface DispatcherMetrics {
  attempts: Counter<'outcome' | 'trigger'>;
  attemptSeconds: Histogram<'outcome'>;
  /** What the sweeper put back, by kind. */
  swept: Counter<'sweep'>;
  /** What became of the deliveries that bulk replays found. */
  bulkReplayed: Counter<'outcome'>;
  /** Things that heal themselves: enqueues and marks that failed. */
  troubles: Counter<'what'>;
}

const ATTEMPT_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

export function createDispatcherMetrics(
  { registry }: Metrics,
  { inFlight, unusable }: { inFlight: () => number; unusable: () => number },
): DispatcherMetrics {
  const registers = [registry];
  new Gauge({
    name: 'delivery_requests_in_flight',
    help: 'Requests to merchants in flight',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  new Gauge({
    name: 'subscriptions_unusable',
    help: 'Stored subscriptions that nothing can be delivered by until somebody mends them',
    registers,
    collect() {
      this.set(unusable());
    },
  });
  return {
    attempts: new Counter({
      name: 'delivery_attempts_total',
      help: 'Ended attempts by outcome',
      labelNames: ['outcome', 'trigger'],
      registers,
    }),
    attemptSeconds: new Histogram({
      name: 'delivery_attempt_seconds',
      help: 'Duration of attempts in seconds',
      labelNames: ['outcome'],
      buckets: ATTEMPT_BUCKETS_S,
      registers,
    }),
    swept: new Counter({
      name: 'sweeper_repaired_total',
      help: 'Events and deliveries that the sweeper put back',
      labelNames: ['sweep'],
      registers,
    }),
    bulkReplayed: new Counter({
      name: 'bulk_replay_deliveries_total',
      help: 'Deliveries that bulk replays found, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    troubles: new Counter({
      name: 'dispatcher_troubles_total',
      help: 'Faults that heal themselves, by what failed',
      labelNames: ['what'],
      registers,
    }),
  };
}
