import { type buildConnector, Pool } from 'undici';
import type { TlsIdentity } from '../tls/tls-identity.ts';
import { createGuardedConnector, type GuardedConnectorOptions } from './guarded-connector.ts';

/** The whole head of an answer, in bytes. */
const MAX_HEAD_BYTES = 16_384;

/** How long an idle connection is kept when the receiver does not say; many close theirs after five seconds. */
const KEEP_ALIVE_MS = 4_000;

/** The longest that a receiver's own hint can make us keep an idle connection. */
const KEEP_ALIVE_HINT_CAP_MS = 30_000;

/** A pool without requests for this long is given up; its connections have closed themselves before. */
const IDLE_POOL_MS = 60_000;
const SWEEP_EVERY_MS = 15_000;

/** The connections of one origin, or of one sender with an identity of its own at that origin. */
export interface OriginPool {
  readonly pool: Pool;
  inFlight: number;
  lastUsedMs: number;
  /** Connections that are open or being opened. */
  connections: number;
  givenUp: boolean;
}

export interface OriginPoolsOptions extends Omit<GuardedConnectorOptions, 'tls'> {
  connectionsPerOrigin: number;
  maxOrigins: number;
  maxConnections: number;
  nowMs: () => number;
}

export interface OriginPools {
  /** The pool of an origin such as `https://shop.example`, made when it is first needed; with an identity, that sender's alone. */
  use(origin: string, tls?: TlsIdentity | null): OriginPool;
  size(): number;
  /** Connections that are open or being opened. */
  connections(): number;
  /** Ends every request and connection. */
  destroy(): Promise<void>;
}

/**
 * One pool of keep-alive connections per origin, so that no receiver waits for another's. Idle pools are closed, the least
 * recently used first, when there are more than `maxOrigins` or when a new connection would be one of more than
 * `maxConnections`. A pool with requests in flight never is: both can be exceeded by what is in flight.
 */
export function createOriginPools(options: OriginPoolsOptions): OriginPools {
  // A Map keeps insertion order and `use` inserts again, so the first entries are the least recently used.
  const pools = new Map<string, OriginPool>();
  let connections = 0;
  /** Those of pools that were given up: their sockets close a moment later. */
  let leaving = 0;
  const sweep = setInterval(closeStale, SWEEP_EVERY_MS);
  sweep.unref();

  function open(origin: string, tls: TlsIdentity | null | undefined): OriginPool {
    const guarded = createGuardedConnector({ ...options, tls: tls ?? null });
    const connect: buildConnector.connector = (target, callback) => {
      makeRoomForConnection();
      entry.connections += 1;
      connections += 1;
      if (entry.givenUp) leaving += 1;
      const gone = (): void => {
        entry.connections -= 1;
        connections -= 1;
        if (entry.givenUp) leaving -= 1;
      };
      guarded(target, (...outcome) => {
        const socket = outcome[1];
        if (socket === null) gone();
        else socket.once('close', gone);
        callback(...outcome);
      });
    };
    const pool = new Pool(origin, {
      connect,
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
    const entry: OriginPool = { pool, inFlight: 0, lastUsedMs: options.nowMs(), connections: 0, givenUp: false };
    return entry;
  }

  function giveUp(key: string, entry: OriginPool): void {
    pools.delete(key);
    entry.givenUp = true;
    leaving += entry.connections;
    void entry.pool.destroy();
  }

  function closeStale(): void {
    const staleBeforeMs = options.nowMs() - IDLE_POOL_MS;
    for (const [key, entry] of pools) {
      if (entry.lastUsedMs > staleBeforeMs) return;
      if (entry.inFlight === 0) giveUp(key, entry);
    }
  }

  function makeRoomForOrigin(): void {
    for (const [key, entry] of pools) {
      if (pools.size < options.maxOrigins) return;
      if (entry.inFlight === 0) giveUp(key, entry);
    }
  }

  function makeRoomForConnection(): void {
    if (connections - leaving < options.maxConnections) return;
    for (const [key, entry] of pools) {
      if (entry.inFlight > 0 || entry.connections === 0) continue;
      giveUp(key, entry);
      if (connections - leaving < options.maxConnections) return;
    }
  }

  return {
    use(origin, tls) {
      const key = tls ? `${origin} ${tls.poolKey}` : origin;
      let entry = pools.get(key);
      if (entry) {
        pools.delete(key);
        entry.lastUsedMs = options.nowMs();
      } else {
        makeRoomForOrigin();
        entry = open(origin, tls);
      }
      pools.set(key, entry);
      return entry;
    },
    size: () => pools.size,
    connections: () => connections,
    async destroy() {
      clearInterval(sweep);
      const closing = [...pools.values()].map(({ pool }) => pool.destroy());
      pools.clear();
      await Promise.all(closing);
    },
  };
}
