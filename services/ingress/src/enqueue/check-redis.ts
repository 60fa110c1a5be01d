import { assertNoEviction, createRedisConnection } from '@owngateway/queue';

const REACHABLE_WITHIN_MS = 2_000;

/**
 * Refuses a Redis that would throw jobs away (decision 4). One that cannot be reached is no reason not to start: ingress
 * does its work without it, and the dispatcher checks again.
 *
 * @returns whether it was reached
 * @throws RedisPolicyError naming the policy found
 */
export async function refuseEvictingRedis(redisUrl: string): Promise<boolean> {
  const connection = createRedisConnection(redisUrl, 'producer');
  try {
    if (!(await becomesReady(connection))) {
      return false;
    }
    await assertNoEviction(connection);
    return true;
  } finally {
    connection.disconnect();
  }
}

function becomesReady(connection: ReturnType<typeof createRedisConnection>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, REACHABLE_WITHIN_MS, false);
    const settle = (isReady: boolean) => {
      clearTimeout(timer);
      resolve(isReady);
    };
    connection.once('ready', () => settle(true));
    // Stays: a connection that errs without a listener ends the process.
    connection.on('error', () => settle(false));
  });
}
