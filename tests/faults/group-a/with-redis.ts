import { createRedisConnection } from '@owngateway/queue';

type Redis = ReturnType<typeof createRedisConnection>;

/** Says something to the Redis of a world, as its operator would. */
export async function withRedis<Answer>(url: string, say: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = createRedisConnection(url, 'worker');
  redis.on('error', () => undefined);
  try {
    return await say(redis);
  } finally {
    redis.disconnect();
  }
}
