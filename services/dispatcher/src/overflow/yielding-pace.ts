import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody is about while an event of theirs came no longer ago than this. */
const ABOUT_MS = 1_000;

/** Whose events keep the first lane busy. */
export interface Company {
  /** An event of this merchant went through the first lane. */
  saw(merchantId: string): void;
  /** Whether anybody but this merchant was seen within the last second. */
  hasOthersThan(merchantId: string): boolean;
}

/** Remembers the last merchant and the last other one: enough to tell whether anybody else is about, whoever asks. */
export function createCompany(monotonicMs: () => number): Company {
  const nobody = { merchantId: '', atMs: Number.NEGATIVE_INFINITY };
  let last = nobody;
  let lastOther = nobody;
  return {
    saw(merchantId) {
      const atMs = monotonicMs();
      if (merchantId !== last.merchantId) lastOther = last;
      last = { merchantId, atMs };
    },
    hasOthersThan(merchantId) {
      const { atMs } = last.merchantId === merchantId ? lastOther : last;
      return monotonicMs() - atMs < ABOUT_MS;
    },
  };
}

/** This process is stopping: what waits for its turn comes back in another one. */
export class PaceEndedError extends Error {
  override readonly name = 'PaceEndedError';
}

/**
 * How fast work goes that must leave room to others: at a bounded rate while anybody else is about, and as fast as it can
 * when nobody is. So a backlog costs the others nothing that they notice, and nothing is held back for its own sake.
 */
export interface YieldingPace {
  /** Resolves when `count` pieces of the merchant's work may begin. Rejects with PaceEndedError after `end`. */
  turn(merchantId: string, count: number): Promise<void>;
  end(): void;
}

export interface YieldingPaceOptions {
  /** Pieces per second of this process, while others are about. */
  perSecond: number;
  company: Pick<Company, 'hasOthersThan'>;
  monotonicMs: () => number;
}

export function createYieldingPace({ perSecond, company, monotonicMs }: YieldingPaceOptions): YieldingPace {
  const ended = new AbortController();
  let dueMs = 0;
  return {
    async turn(merchantId, count) {
      if (ended.signal.aborted) throw new PaceEndedError('stopping');
      if (!company.hasOthersThan(merchantId)) return;
      const nowMs = monotonicMs();
      const atMs = Math.max(dueMs, nowMs);
      dueMs = atMs + (count * 1_000) / perSecond;
      if (atMs <= nowMs) return;
      await sleep(atMs - nowMs, undefined, { signal: ended.signal }).catch(() => {
        throw new PaceEndedError('stopping');
      });
    },
    end: () => ended.abort(),
  };
}
