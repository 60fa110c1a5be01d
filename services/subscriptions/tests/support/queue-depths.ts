import { createQueueInspector } from '@owngateway/queue';
import type { RunningApi } from './running-api.ts';

/** How many jobs of replays and retries wait in the queues of this API. */
export async function waitingRetries({ settings }: RunningApi): Promise<number> {
  const inspector = createQueueInspector({
    redisUrl: settings.REDIS_URL,
    prefix: settings.QUEUE_PREFIX,
    shards: settings.QUEUE_SHARDS,
  });
  try {
    return (await inspector.depths()).retries.waiting;
  } finally {
    await inspector.close();
  }
}
