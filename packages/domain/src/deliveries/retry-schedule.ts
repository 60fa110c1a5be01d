import { MAX_RETRY_AFTER_S } from './retry-after.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** The delays of `three-retries`: "up to 3 times" (000.20). */
const THREE_RETRIES_S: readonly number[] = [30, 300, 1_800];

/** `exponential-24h`: "exponential backoff" (001.18), "for up to 24 hours" (001.17). */
const EXPONENTIAL = { firstDelayS: 5, maxDelayS: 4 * 3_600, windowS: 86_400, jitter: 0.2 } as const;

export interface RetryQuestion {
  policy: RetryPolicy;
  /** Attempts that have ended in this round, the one just made included: at least 1. */
  attemptsMade: number;
  /** When the first attempt of this round began. */
  roundStartedAt: Date;
  now: Date;
  /** Uniform in [0, 1), such as `Math.random`. */
  random: () => number;
  /** What the receiver asked for, already bounded by `parseRetryAfter`. */
  retryAfterS: number | null;
}

/** When to try again, or that the policy is used up and the delivery becomes a dead letter (000.21). */
export type NextAttempt = { exhausted: false; at: Date } | { exhausted: true };

/**
 * Draws the time of the next attempt; the caller writes it down, so that jitter is drawn once (architecture, rule 6).
 * `three-retries` and explicit schedules are kept to the second, without jitter (003.18). `exponential-24h` takes 5 s,
 * 10 s, 20 s ... each uniformly 20 % shorter or longer, never above 4 h, and ends with the last attempt that falls within
 * 24 h of the round's first. A longer `Retry-After` replaces the delay.
 *
 * @throws RangeError when no attempt was made
 */
export function nextAttempt(question: RetryQuestion): NextAttempt {
  const { policy, attemptsMade, roundStartedAt, now, random, retryAfterS } = question;
  if (attemptsMade < 1) throw new RangeError('A retry is asked for before the first attempt was made.');
  const delayMs =
    policy === 'exponential-24h' ? exponentialDelayMs(attemptsMade, random) : scheduledDelayMs(policy, attemptsMade);
  if (delayMs === null) return { exhausted: true };
  const askedMs = Math.min(retryAfterS ?? 0, MAX_RETRY_AFTER_S) * 1_000;
  const at = new Date(now.getTime() + Math.max(delayMs, askedMs));
  const endsAtMs = roundStartedAt.getTime() + EXPONENTIAL.windowS * 1_000;
  if (policy === 'exponential-24h' && at.getTime() > endsAtMs) return { exhausted: true };
  return { exhausted: false, at };
}

/**
 * The delays of a policy in seconds, without jitter and without `Retry-After`: what the API and the documentation
 * publish. With jitter an `exponential-24h` round may hold one or two attempts more or fewer.
 */
export function describeSchedule(policy: RetryPolicy): number[] {
  if (policy !== 'exponential-24h') return [...explicitDelaysS(policy)];
  const delaysS: number[] = [];
  let delayS: number = EXPONENTIAL.firstDelayS;
  for (let totalS = delayS; totalS <= EXPONENTIAL.windowS; totalS += delayS) {
    delaysS.push(delayS);
    delayS = nominalDelayS(delaysS.length + 1);
  }
  return delaysS;
}

/**
 * How long a round is kept that a breaker holds back, in milliseconds from its beginning: as long as its policy would have gone on
 * trying, and a day at least, because a short policy did not ask to be given up for what the gateway held back.
 */
export function keptWhileHeldBackMs(policy: RetryPolicy): number {
  const spanS = policy === 'exponential-24h' ? 0 : explicitDelaysS(policy).reduce((sum, delayS) => sum + delayS, 0);
  return Math.max(spanS, EXPONENTIAL.windowS) * 1_000;
}

function explicitDelaysS(policy: Exclude<RetryPolicy, 'exponential-24h'>): readonly number[] {
  return policy === 'three-retries' ? THREE_RETRIES_S : policy.delays_s;
}

function scheduledDelayMs(policy: Exclude<RetryPolicy, 'exponential-24h'>, attemptsMade: number): number | null {
  const delayS = explicitDelaysS(policy)[attemptsMade - 1];
  return delayS === undefined ? null : delayS * 1_000;
}

function exponentialDelayMs(attemptsMade: number, random: () => number): number {
  const nominalS = nominalDelayS(attemptsMade);
  const shortestS = nominalS * (1 - EXPONENTIAL.jitter);
  // Capping the range and not the drawn value keeps the longest delays spread out too.
  const longestS = Math.min(nominalS * (1 + EXPONENTIAL.jitter), EXPONENTIAL.maxDelayS);
  return Math.round((shortestS + random() * (longestS - shortestS)) * 1_000);
}

function nominalDelayS(attemptsMade: number): number {
  return Math.min(EXPONENTIAL.firstDelayS * 2 ** (attemptsMade - 1), EXPONENTIAL.maxDelayS);
}
