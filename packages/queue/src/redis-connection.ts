import { Redis } from 'ioredis';
import { sentinelOptions } from './sentinel-url.ts';

const backOffMs = (times: number) => Math.min(100 * 2 ** Math.min(times, 5), 2_000);

/**
 * A Redis connection for BullMQ, to one address or to the primary that sentinels name (`redis+sentinel://`). A `producer` fails
 * fast: what it could not add, the sweeper adds later. A `worker` waits for Redis as long as it takes, as BullMQ demands.
 */
export function createRedisConnection(url: string, role: 'producer' | 'worker'): Redis {
  const forRole =
    role === 'producer'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 }
      : { maxRetriesPerRequest: null };
  const options = { ...forRole, connectTimeout: 5_000, retryStrategy: backOffMs, sentinelRetryStrategy: backOffMs };
  const sentinels = sentinelOptions(url);
  return sentinels === null ? new Redis(url, options) : new Redis({ ...options, ...sentinels });
}

/** Thrown when Redis would throw jobs away. */
export class RedisPolicyError extends Error {
  override readonly name = 'RedisPolicyError';
}

/**
 * Refuses a Redis that may evict keys: a queue that loses jobs silently is worse than one that is full
 * (security-relevant setting `maxmemory-policy`, must be `noeviction`). Servers that hide CONFIG are believed.
 *
 * @throws RedisPolicyError naming the policy found
 */
export async function assertNoEviction(connection: Redis): Promise<void> {
  const policy = await evictionPolicyOf(connection);
  if (policy !== null && policy !== 'noeviction') {
    throw new RedisPolicyError(`Redis must run with maxmemory-policy noeviction, but it is set to "${policy}".`);
  }
}

async function evictionPolicyOf(connection: Redis): Promise<string | null> {
  const info = await connection.info('memory');
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? null;
}
