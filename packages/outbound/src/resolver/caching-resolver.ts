import type { ResolvedAddress, Resolver } from './resolver.ts';

/** What a resolver without times to live (a hosts file) said is looked up again after this. */
const UNKNOWN_TTL_S = 1;

/** Connections are kept alive anyway, so the cache only has to carry a burst of new ones. */
const MAX_TTL_S = 30;

/** As long as the shortest delay before a retry: a burst shares a failure, and the next attempt looks again. */
const FAILURE_TTL_MS = 1_000;

const MAX_NAMES = 10_000;

interface CacheEntry {
  answer: Promise<readonly ResolvedAddress[]>;
  expiresAtMs: number;
}

/**
 * Keeps answers for their time to live, counted from the question and at most 30 s, failures for 1 s, and lets everyone
 * who asks for the same name at the same time share one query. Answers are cached before they are vetted: every
 * connection vets again. The inner resolver must end by itself (`createBoundedResolver`).
 */
export function createCachingResolver(inner: Resolver, nowMs: () => number): Resolver {
  const entries = new Map<string, CacheEntry>();

  function start(hostname: string): Promise<readonly ResolvedAddress[]> {
    const askedAtMs = nowMs();
    const answer = inner.resolve(hostname);
    const entry: CacheEntry = { answer, expiresAtMs: Number.POSITIVE_INFINITY };
    answer.then(
      (addresses) => {
        entry.expiresAtMs = addresses.length === 0 ? nowMs() + FAILURE_TTL_MS : askedAtMs + timeToLiveMs(addresses);
      },
      () => {
        entry.expiresAtMs = nowMs() + FAILURE_TTL_MS;
      },
    );
    makeRoom();
    entries.delete(hostname);
    entries.set(hostname, entry);
    return answer;
  }

  /** A Map keeps insertion order, so the first is the one that was asked for longest ago. */
  function makeRoom(): void {
    if (entries.size < MAX_NAMES) return;
    const oldest = entries.keys().next();
    if (!oldest.done) entries.delete(oldest.value);
  }

  return {
    resolve(hostname) {
      const entry = entries.get(hostname);
      return entry !== undefined && nowMs() < entry.expiresAtMs ? entry.answer : start(hostname);
    },
    close: () => inner.close?.(),
  };
}

function timeToLiveMs(addresses: readonly ResolvedAddress[]): number {
  const shortest = Math.min(...addresses.map(({ ttlS }) => ttlS ?? UNKNOWN_TTL_S));
  return Math.min(shortest, MAX_TTL_S) * 1_000;
}
