import type { Metrics } from '@owngateway/service-kit';
import { Counter } from 'prom-client';

/** What is counted of notifications that are read again. Labels are names of connectors and words of ours. */
export interface ReadingMetrics {
  /** `read`, `again` (looked in vain), `given_up`, `nothing_to_do`, `fault`. */
  readings: Counter<'connector' | 'outcome'>;
}

export function createReadingMetrics({ registry }: Metrics): ReadingMetrics {
  return {
    readings: new Counter({
      name: 'ingress_notifications_read_again_total',
      help: 'Notifications that were read again, by connector and outcome',
      labelNames: ['connector', 'outcome'],
      registers: [registry],
    }),
  };
}
