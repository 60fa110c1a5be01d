/** Attempts in a row without any HTTP answer after which a breaker opens. */
const OPENS_AFTER = 5;
const FIRST_OPEN_MS = 10_000;
const LONGEST_OPEN_MS = 300_000;
/** A probe whose result never comes (its process died) is forgotten after this: longer than any attempt may take. */
const PROBE_LEASE_MS = 60_000;

/** The breaker of one subscription, as plain data. Times are milliseconds since 1970. */
export interface BreakerState {
  /** Attempts in a row without an HTTP answer. */
  readonly withoutAnswer: number;
  /** Null while closed; from this time on, an open breaker lets a probe through. */
  readonly openUntil: number | null;
  /** How long it stays open this time. */
  readonly openForMs: number;
  /** While a probe is under way, when it is given up. */
  readonly probeUntil: number | null;
}

export type BreakerVerdict =
  | { kind: 'closed' }
  /** No attempt now; ask again at `until` (milliseconds since 1970). */
  | { kind: 'open'; until: number }
  /** One attempt may go, after `startProbe`. */
  | { kind: 'probe' };

/** A subscription that answers, or of which nothing is known. */
export const CLOSED_BREAKER: BreakerState = { withoutAnswer: 0, openUntil: null, openForMs: 0, probeUntil: null };

/**
 * What a breaker says to an attempt that is about to be made (architecture, rule 11; promise P5). It counts only
 * attempts that got no HTTP answer at all: an endpoint that answers 500 costs a place for milliseconds and keeps its
 * retry schedule, one that hangs costs it for its whole timeout.
 */
export function breakerVerdict(state: BreakerState, now: number): BreakerVerdict {
  if (state.openUntil === null) return { kind: 'closed' };
  const until = Math.max(state.openUntil, state.probeUntil ?? 0);
  return now < until ? { kind: 'open', until } : { kind: 'probe' };
}

/** To be called by whoever was told `probe` and goes: everybody else is told `open` until it has ended. */
export function startProbe(state: BreakerState, now: number): BreakerState {
  return { ...state, probeUntil: now + PROBE_LEASE_MS };
}

/** Any HTTP answer, whatever its status: the endpoint is there. */
export function recordAnswer(_state: BreakerState): BreakerState {
  return CLOSED_BREAKER;
}

/** A timeout, a refused connection, a failed look-up: no HTTP answer. */
export function recordNoAnswer(state: BreakerState, now: number): BreakerState {
  const withoutAnswer = state.withoutAnswer + 1;
  if (state.openUntil === null) {
    return withoutAnswer < OPENS_AFTER ? { ...state, withoutAnswer } : opened(withoutAnswer, FIRST_OPEN_MS, now);
  }
  // Attempts that were in flight when it opened end one by one; they are one failure, and must not lengthen it.
  if (now < state.openUntil) return { ...state, withoutAnswer };
  return opened(withoutAnswer, Math.min(state.openForMs * 2, LONGEST_OPEN_MS), now);
}

function opened(withoutAnswer: number, openForMs: number, now: number): BreakerState {
  return { withoutAnswer, openUntil: now + openForMs, openForMs, probeUntil: null };
}
