const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 30_000;

/** Whoever has not been slow again for this long after a rest begins anew. */
const FORGIVEN_AFTER_MS = 60_000;

const MAX_NAMES = 10_000;

interface SlowName {
  strikes: number;
  restsUntilMs: number;
}

/** Names whose servers were slow and gave nothing: each time they rest for twice as long before they are asked for again. */
export interface SlowNames {
  rests(hostname: string): boolean;
  wasSlow(hostname: string): void;
  answered(hostname: string): void;
}

export function createSlowNames(nowMs: () => number): SlowNames {
  const names = new Map<string, SlowName>();
  return {
    rests(hostname) {
      const known = names.get(hostname);
      return known !== undefined && nowMs() < known.restsUntilMs;
    },
    wasSlow(hostname) {
      const known = names.get(hostname);
      const isRecent = known !== undefined && nowMs() < known.restsUntilMs + FORGIVEN_AFTER_MS;
      const strikes = isRecent ? known.strikes + 1 : 1;
      const restMs = Math.min(FIRST_REST_MS * 2 ** (strikes - 1), LONGEST_REST_MS);
      // A Map keeps insertion order, so the first is the one that was slow longest ago.
      names.delete(hostname);
      const oldest = names.size < MAX_NAMES ? undefined : names.keys().next().value;
      if (oldest !== undefined) names.delete(oldest);
      names.set(hostname, { strikes, restsUntilMs: nowMs() + restMs });
    },
    answered: (hostname) => void names.delete(hostname),
  };
}
