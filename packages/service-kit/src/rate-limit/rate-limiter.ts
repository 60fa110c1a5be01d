/** The state of one key after a request. */
export interface RateLimitVerdict {
  allowed: boolean;
  /** Requests per second. */
  limit: number;
  /** Whole requests left now. */
  remaining: number;
  /** Seconds until the bucket is full again. */
  resetS: number;
  /** Seconds until the next request is allowed; 0 if it is now. */
  retryAfterS: number;
}

export interface RateLimiter {
  take(key: string): RateLimitVerdict;
}

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * A token bucket per key in this process's memory: replicas count apart, so N of them admit up to N times the rate. That
 * is accepted: the limit protects the service, and needs no store that can be away.
 */
export function createRateLimiter(options: {
  perSecond: number;
  /** Requests at once; one second's worth unless given. */
  burst?: number;
  /** Keys that are remembered; the longest unused is forgotten first. */
  maxKeys?: number;
  /** Milliseconds, monotonic. */
  now?: () => number;
}): RateLimiter {
  const { perSecond, burst = perSecond, maxKeys = 10_000, now = () => performance.now() } = options;
  const buckets = new Map<string, Bucket>();

  return {
    take(key) {
      const at = now();
      const before = buckets.get(key);
      const grown = before === undefined ? burst : before.tokens + ((at - before.at) / 1000) * perSecond;
      const available = Math.min(burst, grown);
      const allowed = available >= 1;
      const tokens = allowed ? available - 1 : available;
      // Deleting first keeps the map in the order of last use.
      buckets.delete(key);
      buckets.set(key, { tokens, at });
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value ?? key);
      return {
        allowed,
        limit: perSecond,
        remaining: Math.floor(tokens),
        resetS: Math.ceil((burst - tokens) / perSecond),
        retryAfterS: allowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond)),
      };
    },
  };
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers). */
export function rateLimitHeaders(verdict: RateLimitVerdict): Record<string, string> {
  return {
    RateLimit: `"token";r=${verdict.remaining};t=${verdict.resetS}`,
    'RateLimit-Policy': `"token";q=${verdict.limit};w=1`,
  };
}
