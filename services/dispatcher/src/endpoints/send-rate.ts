/** A subscription may send this much of its rate at once after a pause. */
const BURST_MS = 1_000;

/** Where nothing has gone for so long although turns were given out, those who had them are gone (a queue that was lost). */
const TURNS_LOST_AFTER_MS = 2_000;

/**
 * The optional rate limit of one subscription (`rate_limit_per_s`), as plain numbers: the generic cell rate algorithm
 * (ITU-T I.371), with a burst of one second's worth. It counts in one process; times are milliseconds since 1970.
 */
export interface SendRate {
  /** When the next request would be due if they came evenly. */
  dueMs: number;
  /** The turn given out last to something that waits. */
  turnMs: number;
}

export const FRESH_RATE: SendRate = { dueMs: 0, turnMs: 0 };

/** Whether a request may go now. */
export function mayGo(rate: SendRate, perS: number | null, nowMs: number): boolean {
  return perS === null || rate.dueMs - BURST_MS < nowMs;
}

/** One request goes. */
export function counted(rate: SendRate, perS: number | null, nowMs: number): SendRate {
  if (perS === null) return rate;
  const areTurnsLost = rate.dueMs + TURNS_LOST_AFTER_MS < nowMs;
  return {
    dueMs: Math.max(rate.dueMs, nowMs) + 1_000 / perS,
    turnMs: areTurnsLost ? Math.min(rate.turnMs, nowMs) : rate.turnMs,
  };
}

/** A turn for something that must wait: each gets one of its own, so that they come back at the rate and not together. */
export function nextTurn(rate: SendRate, perS: number, nowMs: number): { atMs: number; rate: SendRate } {
  const turnMs = Math.max(rate.turnMs + 1_000 / perS, rate.dueMs - BURST_MS, nowMs);
  return { atMs: Math.ceil(turnMs), rate: { ...rate, turnMs } };
}
