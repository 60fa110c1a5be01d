import { startMongo } from './mongo.ts';
import { startRedis } from './redis.ts';
import type { MongoKind, RedisKind, ServerHandle } from './server-handle.ts';
import type { StoreOptions } from './store-options.ts';

/** Both stores, and how to stop them together. */
export interface Stores {
  readonly mongo: ServerHandle<MongoKind>;
  readonly redis: ServerHandle<RedisKind>;
  stop(): Promise<void>;
}

/** How both stores are found or started. */
export interface StoresOptions extends Omit<StoreOptions<never>, 'accept' | 'port' | 'onRestart'> {
  /** Which MongoDB will do; any by default. */
  readonly acceptMongo?: readonly MongoKind[];
  /** Called when a store that had died answers again. */
  readonly onRestart?: (store: 'mongo' | 'redis', pid: number) => void;
}

/** Finds or starts MongoDB and Redis side by side. When one fails the other is stopped and the failure is thrown. */
export async function startStores(options: StoresOptions): Promise<Stores> {
  const { onRestart, acceptMongo, ...common } = options;
  const [mongo, redis] = await Promise.allSettled([
    startMongo({
      ...common,
      ...(acceptMongo === undefined ? {} : { accept: acceptMongo }),
      onRestart: (pid) => onRestart?.('mongo', pid),
    }),
    startRedis({ ...common, onRestart: (pid) => onRestart?.('redis', pid) }),
  ]);
  if (mongo.status === 'fulfilled' && redis.status === 'fulfilled') {
    const both = [mongo.value, redis.value];
    return {
      mongo: mongo.value,
      redis: redis.value,
      async stop() {
        await Promise.all(both.map((store) => store.stop()));
      },
    };
  }
  for (const started of [mongo, redis]) if (started.status === 'fulfilled') await started.value.stop();
  throw [mongo, redis].find((it) => it.status === 'rejected')?.reason;
}
