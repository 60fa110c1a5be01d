import { DNS_BUDGET_MS } from './dns-budget.ts';
import type { ResolvedAddress, Resolver } from './resolver.ts';

/** Look-ups under way at a time. More would only overflow the sockets' buffers, and be asked again after a second. */
const USUAL_LOOKUPS = 192;

/** Look-ups under way at a time of names that lately got no answer in time, so that they cannot take all the others' turns. */
const TARDY_LOOKUPS = 64;

/** How long a name is remembered for having got no answer in time. */
const TARDY_FOR_MS = 60_000;
const MAX_TARDY_NAMES = 10_000;

export interface BoundedResolverOptions {
  /** Monotonic milliseconds. */
  nowMs: () => number;
  usualLookups?: number;
  tardyLookups?: number;
  budgetMs?: number;
}

interface Lane {
  readonly size: number;
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Bounds what names can cost: every look-up ends within its budget, and only so many are under way. Names whose servers
 * are slow get a lane of their own after the first time, so that a few hundred of them do not delay anybody else's (P5).
 */
export function createBoundedResolver(inner: Resolver, options: BoundedResolverOptions): Resolver {
  const { nowMs, usualLookups = USUAL_LOOKUPS, tardyLookups = TARDY_LOOKUPS, budgetMs = DNS_BUDGET_MS } = options;
  const usual: Lane = { size: usualLookups, running: 0, waiting: [] };
  const tardy: Lane = { size: tardyLookups, running: 0, waiting: [] };
  const tardyUntilMs = new Map<string, number>();

  function isTardy(hostname: string): boolean {
    const untilMs = tardyUntilMs.get(hostname);
    if (untilMs === undefined) return false;
    if (nowMs() < untilMs) return true;
    tardyUntilMs.delete(hostname);
    return false;
  }

  function remember(hostname: string): void {
    if (tardyUntilMs.size >= MAX_TARDY_NAMES) tardyUntilMs.clear();
    tardyUntilMs.set(hostname, nowMs() + TARDY_FOR_MS);
  }

  return {
    resolve(hostname) {
      const lane = isTardy(hostname) ? tardy : usual;
      const { promise, resolve, reject } = Promise.withResolvers<readonly ResolvedAddress[]>();
      let state: 'waiting' | 'running' | 'over' = 'waiting';

      const end = (settle: () => void): void => {
        if (state === 'over') return;
        clearTimeout(timer);
        if (state === 'running') {
          lane.running -= 1;
          lane.waiting.shift()?.();
        }
        state = 'over';
        settle();
      };
      const begin = (): void => {
        // Its budget ended while it waited: the turn goes to the next.
        if (state === 'over') {
          lane.waiting.shift()?.();
          return;
        }
        state = 'running';
        lane.running += 1;
        ask(inner, hostname).then(
          (addresses) => end(() => resolve(addresses)),
          (error: unknown) => end(() => reject(error)),
        );
      };
      const timer = setTimeout(() => {
        // Only its own server makes a name tardy, not the queue in front of it.
        if (state === 'running') remember(hostname);
        end(() => reject(new Error('the name system gave no answer in time')));
      }, budgetMs);
      timer.unref();

      if (lane.running < lane.size) begin();
      else lane.waiting.push(begin);
      return promise;
    },
    close: () => inner.close?.(),
  };
}

/** A resolver that throws instead of rejecting is one that rejects. */
async function ask(inner: Resolver, hostname: string): Promise<readonly ResolvedAddress[]> {
  return inner.resolve(hostname);
}
