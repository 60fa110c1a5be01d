import { DNS_BUDGET_MS } from './dns-budget.ts';
import type { ResolvedAddress, Resolver } from './resolver.ts';
import { createSlowNames } from './slow-names.ts';

/** Look-ups under way at a time. More would only overflow the sockets' buffers, and be asked again after a second. */
const LOOKUPS = 256;

/** Beyond this a look-up is slow: nearly all answers that have to be fetched from afar are there by then. */
const SLOW_AFTER_MS = 500;

/** Slow look-ups under way at a time. Every delivery that waits for one keeps a place that others may need (P5). */
const SLOW_LOOKUPS = 32;

export interface BoundedResolverOptions {
  /** Monotonic milliseconds. */
  nowMs: () => number;
  lookups?: number;
  slowLookups?: number;
  slowAfterMs?: number;
  budgetMs?: number;
}

/**
 * Bounds what names can cost. Every look-up ends within its budget, waiting for its turn included; only so many are under
 * way, and only a few of them slow: the others end when they become slow. A name that was slow for nothing rests for a
 * while, in which asking for it fails at once. Whatever was given up goes on at the name server, so that an honest name is
 * found at the next attempt.
 */
export function createBoundedResolver(inner: Resolver, options: BoundedResolverOptions): Resolver {
  const { nowMs, lookups = LOOKUPS, slowLookups = SLOW_LOOKUPS } = options;
  const { slowAfterMs = SLOW_AFTER_MS, budgetMs = DNS_BUDGET_MS } = options;
  const slowNames = createSlowNames(nowMs);
  const waiting: (() => void)[] = [];
  let running = 0;
  let slow = 0;

  function begin(hostname: string, settled: (outcome: Outcome) => void): Running {
    let isSlow = false;
    let over = false;
    running += 1;
    const end = (outcome: Outcome): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      running -= 1;
      if (isSlow) slow -= 1;
      if (outcome.kind === 'addresses') slowNames.answered(hostname);
      else if (isSlow) slowNames.wasSlow(hostname);
      settled(outcome);
      waiting.shift()?.();
    };
    const timer = setTimeout(() => {
      isSlow = true;
      slow += 1;
      if (slow > slowLookups) end(GIVEN_UP);
    }, slowAfterMs);
    timer.unref();
    ask(inner, hostname).then(
      (addresses) => end({ kind: 'addresses', addresses }),
      (error: unknown) => end({ kind: 'failed', error }),
    );
    return { giveUp: () => end(GIVEN_UP) };
  }

  function resolve(hostname: string): Promise<readonly ResolvedAddress[]> {
    if (slowNames.rests(hostname)) return Promise.reject(new Error('the name was slow and rests'));
    const { promise, resolve: found, reject } = Promise.withResolvers<readonly ResolvedAddress[]>();
    let lookup: Running | undefined;
    let over = false;
    const settled = (outcome: Outcome): void => {
      over = true;
      clearTimeout(budget);
      if (outcome.kind === 'addresses') found(outcome.addresses);
      else reject(outcome.kind === 'failed' ? outcome.error : new Error('the name system gave no answer in time'));
    };
    const budget = setTimeout(() => (lookup ? lookup.giveUp() : settled(GIVEN_UP)), budgetMs);
    budget.unref();
    const start = (): void => {
      // Its budget ended while it waited: the turn goes to the next.
      if (over) waiting.shift()?.();
      else lookup = begin(hostname, settled);
    };
    if (running < lookups) start();
    else waiting.push(start);
    return promise;
  }

  return { resolve, close: () => inner.close?.() };
}

type Outcome =
  | { kind: 'addresses'; addresses: readonly ResolvedAddress[] }
  | { kind: 'failed'; error: unknown }
  | { kind: 'given_up' };
const GIVEN_UP: Outcome = { kind: 'given_up' };

interface Running {
  giveUp(): void;
}

/** A resolver that throws instead of rejecting is one that rejects. */
async function ask(inner: Resolver, hostname: string): Promise<readonly ResolvedAddress[]> {
  return inner.resolve(hostname);
}
