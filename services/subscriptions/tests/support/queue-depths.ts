import { createQueueInspector } from '@owngateway/queue';
import type { RunningApi } from './running-api.ts';

/** How many jobs of replays and retries wait in the queues of this API. */
export function waitingRetries(api: RunningApi): Promise<number> {
  return waitingIn(api, 'retries');
}

/** How many notifications wait to be read again. */
export function waitingNotifications(api: RunningApi): Promise<number> {
  return waitingIn(api, 'notifications');
}

async function waitingIn({ settings }: RunningApi, queue: 'retries' | 'notifications'): Promise<number> {
  const inspector = createQueueInspector({
    redisUrl: settings.REDIS_URL,
    prefix: settings.QUEUE_PREFIX,
    shards: settings.QUEUE_SHARDS,
  });
  try {
    return (await inspector.depths())[queue].waiting;
  } finally {
    await inspector.close();
  }
}
