import type { QueueInspector } from '@owngateway/queue';
import type { Metrics } from '@owngateway/service-kit';
import { Gauge } from 'prom-client';

/**
 * How many jobs lie in each queue, asked whenever metrics are collected: what KEDA scales by. Every replica tells the same
 * numbers, so take the maximum and not the sum. While Redis is away there are none.
 */
export function addQueueDepths({ registry }: Metrics, inspector: Pick<QueueInspector, 'depths'>): void {
  new Gauge({
    name: 'queue_jobs',
    help: 'Jobs by queue and state (waiting, delayed, active); the same in every replica',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      const depths = await inspector.depths().catch(() => null);
      for (const [queue, states] of Object.entries(depths ?? {})) {
        for (const [state, count] of Object.entries(states)) this.set({ queue, state }, count);
      }
    },
  });
}
