import { createQueueInspector } from '@owngateway/queue';
import type { TestStores } from './start-ingress.ts';

/** How many jobs wait on the `events` queue. */
export async function waitingEventsJobs({ redisUrl, queuePrefix }: TestStores): Promise<number> {
  const inspector = createQueueInspector({ redisUrl, prefix: queuePrefix, shards: 1 });
  const deadline = Date.now() + 10_000;
  try {
    for (;;) {
      // A new connection fails until it is there.
      const depths = await inspector.depths().catch(() => undefined);
      if (depths !== undefined) {
        return depths.events.waiting;
      }
      if (Date.now() > deadline) {
        throw new Error('Redis did not answer');
      }
    }
  } finally {
    await inspector.close();
  }
}
