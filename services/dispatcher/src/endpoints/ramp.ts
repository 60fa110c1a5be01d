import { counted, FRESH_RATE, mayGo, nextTurn, type SendRate } from './send-rate.ts';

/** Requests per second with which an endpoint that has come back begins. */
const FIRST_PER_S = 5;

const DOUBLES_EVERY_S = 5;

/** Ends at 1,280 requests a second, more than an in-flight cap lets through as a rule. */
const LASTS_MS = 40_000;

/** In the ramp's own time one request may go per second. */
const PER_S = 1;

/**
 * How an endpoint gets what has waited for it once it answers again: 5 requests a second at first, twice as many every 5 s,
 * over after 40 s. What waits would otherwise fall upon it all at once and take it down again. In numbers: 36 requests after
 * 5 s, 108 after 10 s, 540 after 20 s, 9,200 in all.
 *
 * It is a rate limit whose clock runs faster and faster: its time is the number of requests that the ramp allows until then.
 * Other times are milliseconds since 1970.
 */
export interface Ramp {
  readonly startedMs: number;
  readonly rate: SendRate;
}

export function startRamp(nowMs: number): Ramp {
  return { startedMs: nowMs, rate: FRESH_RATE };
}

export function isOver(ramp: Ramp, nowMs: number): boolean {
  return nowMs - ramp.startedMs >= LASTS_MS;
}

export function mayGoOnRamp(ramp: Ramp, nowMs: number): boolean {
  return isOver(ramp, nowMs) || mayGo(ramp.rate, PER_S, ownTime(ramp, nowMs));
}

export function countedOnRamp(ramp: Ramp, nowMs: number): Ramp {
  return { ...ramp, rate: counted(ramp.rate, PER_S, ownTime(ramp, nowMs)) };
}

/** A turn for something that must wait for the ramp; each gets another one. */
export function nextTurnOnRamp(ramp: Ramp, nowMs: number): { atMs: number; ramp: Ramp } {
  const turn = nextTurn(ramp.rate, PER_S, ownTime(ramp, nowMs));
  return { atMs: Math.max(nowMs, realTime(ramp, turn.atMs)), ramp: { ...ramp, rate: turn.rate } };
}

/** The integral of the rate: requests until now, in thousandths, so that one is a second of the ramp's time. */
function ownTime(ramp: Ramp, nowMs: number): number {
  const elapsedS = (nowMs - ramp.startedMs) / 1_000;
  return ((FIRST_PER_S * DOUBLES_EVERY_S) / Math.LN2) * (2 ** (elapsedS / DOUBLES_EVERY_S) - 1) * 1_000;
}

function realTime(ramp: Ramp, ownMs: number): number {
  const requests = ownMs / 1_000;
  const elapsedS = DOUBLES_EVERY_S * Math.log2(1 + (requests * Math.LN2) / (FIRST_PER_S * DOUBLES_EVERY_S));
  return Math.ceil(ramp.startedMs + elapsedS * 1_000);
}
