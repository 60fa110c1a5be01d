import { Pool } from 'undici';
import { createGuardedConnector, type GuardedConnectorOptions } from './guarded-connector.ts';

/** The whole head of an answer, in bytes. */
const MAX_HEAD_BYTES = 16_384;

/** How long an idle connection is kept when the receiver does not say; many close theirs after five seconds. */
const KEEP_ALIVE_MS = 4_000;

/** The longest that a receiver's own hint can make us keep an idle connection. */
const KEEP_ALIVE_HINT_CAP_MS = 30_000;

/** A pool without requests for this long is given up; its connections have closed themselves long before. */
const IDLE_POOL_MS = 300_000;

/** The connections of one origin. */
export interface OriginPool {
  readonly pool: Pool;
  inFlight: number;
  lastUsedMs: number;
}

export interface OriginPoolsOptions extends GuardedConnectorOptions {
  connectionsPerOrigin: number;
  maxOrigins: number;
  nowMs: () => number;
}

export interface OriginPools {
  /** The pool of an origin such as `https://shop.example`, made when it is first needed. */
  use(origin: string): OriginPool;
  size(): number;
  /** Ends every request and connection. */
  destroy(): Promise<void>;
}

/**
 * One pool of keep-alive connections per origin, so that no receiver waits for another's. The least recently used idle
 * pools are closed when there are more than `maxOrigins`; a pool with requests in flight never is, so the number can be
 * exceeded by as many origins as there are requests in flight.
 */
export function createOriginPools(options: OriginPoolsOptions): OriginPools {
  // A Map keeps insertion order and `use` inserts again, so the first entries are the least recently used.
  const pools = new Map<string, OriginPool>();

  function open(origin: string): OriginPool {
    const pool = new Pool(origin, {
      connect: createGuardedConnector(options),
      connections: options.connectionsPerOrigin,
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: MAX_HEAD_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_HINT_CAP_MS,
      // Idle timers would only double the total deadline that every request has.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return { pool, inFlight: 0, lastUsedMs: options.nowMs() };
  }

  function closeIdle(): void {
    const staleBeforeMs = options.nowMs() - IDLE_POOL_MS;
    for (const [origin, entry] of pools) {
      if (pools.size < options.maxOrigins && entry.lastUsedMs > staleBeforeMs) return;
      if (entry.inFlight > 0) continue;
      pools.delete(origin);
      void entry.pool.destroy();
    }
  }

  return {
    use(origin) {
      let entry = pools.get(origin);
      if (entry) {
        pools.delete(origin);
        entry.lastUsedMs = options.nowMs();
      } else {
        closeIdle();
        entry = open(origin);
      }
      pools.set(origin, entry);
      return entry;
    },
    size: () => pools.size,
    async destroy() {
      const closing = [...pools.values()].map(({ pool }) => pool.destroy());
      pools.clear();
      await Promise.all(closing);
    },
  };
}
