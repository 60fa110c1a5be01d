import type { Logger, Metrics } from '@owngateway/service-kit';
import type { AccountPath } from '../accounts/account-path.ts';
import type { IngressMetrics } from '../ingress-metrics.ts';
import { type MonotonicClock, TokenBucket } from '../memory/token-bucket.ts';
import type { WebhookOutcome } from './webhook-outcome.ts';

/** Refusals that get a log line; all of them are counted. */
const LOGGED = { capacity: 20, refillPerS: 5 };

/** What is told of a request: never its body, its query or a header. */
export interface EndedRequest {
  requestId: string;
  path: AccountPath;
  status: number;
  durationMs: number;
  outcome: WebhookOutcome;
}

/**
 * Counts how requests ended, and logs those that were not acknowledged, a few a second. A line for each of the others
 * would cost more than their signature check.
 *
 * @param route the label of the duration
 */
export function createOutcomeLog(
  parts: { logger: Logger; http: Metrics; metrics: IngressMetrics; clock: MonotonicClock },
  route: string,
): (ended: EndedRequest) => void {
  const { logger, metrics } = parts;
  const bucket = new TokenBucket(LOGGED, parts.clock);
  const observe = durationObserver(parts.http, route);

  return ({ requestId, path, status, durationMs, outcome }) => {
    if (outcome.kind !== 'turned_away' || outcome.reason !== 'method') {
      observe(status, durationMs);
    }
    switch (outcome.kind) {
      case 'acknowledged': {
        const { connector, verdict, newEvents, accountId, notificationId } = outcome;
        metrics.acknowledged.inc({ connector, verdict });
        if (newEvents > 0) {
          metrics.eventsStored.inc({ source: 'notification' }, newEvents);
        }
        logger.debug({ requestId, accountId, notificationId, verdict, newEvents }, 'notification acknowledged');
        return;
      }
      case 'refused':
        metrics.refused.inc({ reason: outcome.reason });
        if (bucket.take()) {
          logger.info({ requestId, ...cut(path), reason: outcome.reason }, 'notification refused');
        }
        return;
      case 'turned_away': {
        const { reason, problem } = outcome;
        metrics.turnedAway.inc({ reason });
        if (reason === 'fault') {
          logger.error({ requestId, ...cut(path), err: problem.cause }, 'notification failed');
        } else if (bucket.take()) {
          logger.info({ requestId, ...cut(path), reason, err: problem.cause }, 'notification turned away');
        }
      }
    }
  };
}

/** Strangers choose the path. */
function cut({ merchantId, name }: AccountPath): { merchantId: string; accountName: string } {
  return { merchantId: merchantId.slice(0, 64), accountName: name.slice(0, 64) };
}

/** Seconds by status, through children that are looked up once. */
function durationObserver(
  { httpRequestDuration }: Metrics,
  route: string,
): (status: number, durationMs: number) => void {
  const byStatus = new Map<number, { observe(seconds: number): void }>();
  return (status, durationMs) => {
    let child = byStatus.get(status);
    if (child === undefined) {
      child = httpRequestDuration.labels({ method: 'POST', route, status });
      byStatus.set(status, child);
    }
    child.observe(durationMs / 1000);
  };
}
