export { LocalStackError, type LocalStackErrorCode } from './errors.ts';
export type { LineSink } from './process/split-lines.ts';
export { startMongo } from './stores/mongo.ts';
export { withDatabase } from './stores/mongo-protocol.ts';
export { startRedis } from './stores/redis.ts';
export type { MongoKind, RedisKind, ServerHandle } from './stores/server-handle.ts';
export { type Stores, type StoresOptions, startStores } from './stores/start-stores.ts';
export type { StoreOptions } from './stores/store-options.ts';
