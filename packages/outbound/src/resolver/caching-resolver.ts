import type { ResolvedAddress, Resolver } from './resolver.ts';
import { DNS_BUDGET_MS } from './vetted-addresses.ts';

/** A vetted connection is kept alive anyway, so the cache only has to carry a burst of new connections. */
const MIN_TTL_S = 1;
const MAX_TTL_S = 30;
const MAX_NAMES = 2_000;

interface CacheEntry {
  addresses: readonly ResolvedAddress[];
  expiresAtMs: number;
}

/**
 * Keeps answers for their time to live, at least 1 s and at most 30 s, and lets everyone who asks for the same name at
 * the same time share one query. Failures are not kept. Answers are cached before they are vetted: every connection
 * vets again.
 */
export function createCachingResolver(inner: Resolver, nowMs: () => number): Resolver {
  const entries = new Map<string, CacheEntry>();
  const underWay = new Map<string, Promise<readonly ResolvedAddress[]>>();

  async function query(hostname: string): Promise<readonly ResolvedAddress[]> {
    const addresses = await inner.resolve(hostname);
    if (entries.size >= MAX_NAMES) entries.clear();
    if (addresses.length > 0) {
      entries.set(hostname, { addresses, expiresAtMs: nowMs() + timeToLiveS(addresses) * 1_000 });
    }
    return addresses;
  }

  /** Shared until it ends, or until nobody waits for it any more: a query that hangs must not hold the name for ever. */
  function startShared(hostname: string): Promise<readonly ResolvedAddress[]> {
    const started = query(hostname);
    underWay.set(hostname, started);
    const timer = setTimeout(forget, DNS_BUDGET_MS);
    timer.unref();
    function forget(): void {
      clearTimeout(timer);
      if (underWay.get(hostname) === started) underWay.delete(hostname);
    }
    started.then(forget, forget);
    return started;
  }

  return {
    resolve(hostname) {
      const entry = entries.get(hostname);
      if (entry && nowMs() < entry.expiresAtMs) return Promise.resolve(entry.addresses);
      return underWay.get(hostname) ?? startShared(hostname);
    },
    close: () => inner.close?.(),
  };
}

function timeToLiveS(addresses: readonly ResolvedAddress[]): number {
  const shortest = Math.min(...addresses.map(({ ttlS }) => ttlS ?? MIN_TTL_S));
  return Math.min(Math.max(shortest, MIN_TTL_S), MAX_TTL_S);
}
