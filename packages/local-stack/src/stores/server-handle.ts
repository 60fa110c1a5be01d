/** Which program answers as MongoDB. `external`: it was there already and is not ours to stop. */
export type MongoKind = 'external' | 'mongod' | 'secantusd-rs' | 'secantusd-py';

/** Which program answers as Redis. */
export type RedisKind = 'external' | 'valkey-server' | 'redis-server';

/**
 * A MongoDB or Redis that answers now. For an external one `pid` is `null` and everything that would end it throws `not_ours`,
 * except `stop`, which leaves it alone.
 */
export interface ServerHandle<Kind extends string = MongoKind | RedisKind> {
  readonly kind: Kind;
  /** Connection string; for MongoDB with the database's name in it. */
  readonly url: string;
  /** Process id, `null` while it is down. */
  readonly pid: number | null;
  /** What the program says about its version, `null` when it was not asked. */
  readonly version: string | null;
  /** SIGKILL. It stays down until `restart`. */
  kill9(): Promise<void>;
  /** Graceful stop, forced after some seconds. It stays down until `restart`. */
  stop(): Promise<void>;
  /** Stops it if it runs and starts it again: same port, same data. Resolves when it answers. */
  restart(): Promise<void>;
}
