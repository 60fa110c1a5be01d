import type { Logger } from '@owngateway/service-kit';
import type { DispatcherMetrics } from '../dispatcher-metrics.ts';

/** The same trouble is logged once in this time; the metric counts every one. */
const QUIET_MS = 5_000;

export interface TroubleLog {
  onTrouble: (what: string, error: unknown) => void;
}

/** Faults that heal themselves: counted, and logged as warnings without flooding the log while a store is away. */
export function createTroubleLog(logger: Logger, metrics: Pick<DispatcherMetrics, 'troubles'>): TroubleLog {
  const lastLogged = new Map<string, number>();
  return {
    onTrouble(what, error) {
      metrics.troubles.inc({ what });
      const now = Date.now();
      if (now - (lastLogged.get(what) ?? 0) < QUIET_MS) return;
      lastLogged.set(what, now);
      logger.warn({ what, err: error }, 'trouble that heals itself');
    },
  };
}
