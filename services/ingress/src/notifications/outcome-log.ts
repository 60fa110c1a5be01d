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
  method: string;
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

  const logAcknowledged = ({ requestId }: EndedRequest, outcome: Outcome<'acknowledged'>): void => {
    const { connector, verdict, newEvents, accountId, notificationId } = outcome;
    metrics.acknowledged.inc({ connector, verdict });
    if (newEvents > 0) {
      metrics.eventsStored.inc({ source: 'notification' }, newEvents);
    }
    logger.debug({ requestId, accountId, notificationId, verdict, newEvents }, 'notification acknowledged');
  };

  const logRefused = ({ requestId, path }: EndedRequest, { reason }: Outcome<'refused'>): void => {
    metrics.refused.inc({ reason });
    if (bucket.take()) {
      // The one refusal that is not the sender's fault.
      const level = reason === 'account_unreadable' ? 'error' : 'info';
      logger[level]({ requestId, ...cut(path), reason }, 'notification refused');
    }
  };

  const logTurnedAway = ({ requestId, path }: EndedRequest, { reason, problem }: Outcome<'turned_away'>): void => {
    metrics.turnedAway.inc({ reason });
    if (reason === 'fault') {
      logger.error({ requestId, ...cut(path), err: problem.cause }, 'notification failed');
    } else if (bucket.take()) {
      logger.info({ requestId, ...cut(path), reason, err: problem.cause }, 'notification turned away');
    }
  };

  const logAnswered = ({ requestId, path }: EndedRequest, { connector, isDecoy }: Outcome<'answered'>): void => {
    metrics.handshakes.inc({ connector, answer: isDecoy ? 'nobody' : 'account' });
    logger.debug({ requestId, ...cut(path), connector, isDecoy }, 'handshake answered');
  };

  return (ended) => {
    const { outcome } = ended;
    observe(ended.method, ended.status, ended.durationMs);
    switch (outcome.kind) {
      case 'acknowledged':
        return logAcknowledged(ended, outcome);
      case 'answered':
        return logAnswered(ended, outcome);
      case 'refused':
        return logRefused(ended, outcome);
      case 'turned_away':
        return logTurnedAway(ended, outcome);
    }
  };
}

type Outcome<Kind extends WebhookOutcome['kind']> = Extract<WebhookOutcome, { kind: Kind }>;

/** Strangers choose the path. */
function cut({ merchantId, name }: AccountPath): { merchantId: string; accountName: string } {
  return { merchantId: merchantId.slice(0, 64), accountName: name.slice(0, 64) };
}

/** Seconds by status, through children that are looked up once. */
function durationObserver({ httpRequestDuration }: Metrics, route: string) {
  const posts = new Map<number, { observe(seconds: number): void }>();
  return (method: string, status: number, durationMs: number): void => {
    if (method !== 'POST') {
      httpRequestDuration.observe({ method: 'other', route, status }, durationMs / 1000);
      return;
    }
    const child = posts.get(status) ?? httpRequestDuration.labels({ method, route, status });
    posts.set(status, child);
    child.observe(durationMs / 1000);
  };
}
