import { createMetrics } from '@owngateway/service-kit';
import { addQueueDepths } from './queue-depth-metrics.ts';

const depth = (waiting: number) => ({ waiting, delayed: 1, active: 2 });

describe('the depths of the queues', () => {
  it('are told by queue and state, and left out while Redis is away', async () => {
    const metrics = createMetrics({ service: 'dispatcher', defaults: false });
    let away = false;
    addQueueDepths(metrics, {
      depths: async () => {
        if (away) throw new Error('away');
        return {
          events: depth(3),
          'events-overflow': depth(4_000),
          deliveries: depth(0),
          retries: depth(0),
          notifications: depth(0),
        };
      },
    });
    expect(await metrics.registry.metrics()).toMatch(/queue_jobs\{.*queue="events-overflow",state="waiting".*\} 4000/);
    away = true;
    expect(await metrics.registry.metrics()).not.toMatch(/queue_jobs\{/);
  });
});
