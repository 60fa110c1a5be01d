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

/** Whether everybody else has gone is looked at this often, while something waits. */
const LOOK_EVERY_MS = 250;

/** Made up for when a timer comes late. */
const LATENESS_MS = 20;

interface Waiting {
  merchantId: string;
  count: number;
  begin: () => void;
  giveBack: (error: PaceEndedError) => void;
}

export function createYieldingPace({ perSecond, company, monotonicMs }: YieldingPaceOptions): YieldingPace {
  const line: Waiting[] = [];
  let hasEnded = false;
  let dueMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function mayBegin({ merchantId, count }: Pick<Waiting, 'merchantId' | 'count'>): boolean {
    if (!company.hasOthersThan(merchantId)) return true;
    const nowMs = monotonicMs();
    if (nowMs < dueMs) return false;
    dueMs = Math.max(dueMs, nowMs - LATENESS_MS) + (count * 1_000) / perSecond;
    return true;
  }

  function serve(): void {
    timer = undefined;
    while (line[0] !== undefined && mayBegin(line[0])) line.shift()?.begin();
    if (line.length > 0) timer = setTimeout(serve, Math.min(Math.max(1, dueMs - monotonicMs()), LOOK_EVERY_MS));
  }

  return {
    turn(merchantId, count) {
      if (hasEnded) return Promise.reject(new PaceEndedError('stopping'));
      if (line.length === 0 && mayBegin({ merchantId, count })) return Promise.resolve();
      return new Promise<void>((begin, giveBack) => {
        line.push({ merchantId, count, begin, giveBack });
        if (timer === undefined) serve();
      });
    },
    end() {
      hasEnded = true;
      clearTimeout(timer);
      for (const { giveBack } of line.splice(0)) giveBack(new PaceEndedError('stopping'));
    },
  };
}
