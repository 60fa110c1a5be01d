import { type DestinationStream, destination as fileDestination, type Logger, pino } from 'pino';
import { describeError } from './describe-error.ts';
import { REDACTED_PATHS } from './redaction.ts';

export type { Logger };

export interface LoggerOptions {
  service: string;
  level: string;
  /** Standard output unless given; tests pass their own. */
  destination?: DestinationStream;
}

/**
 * The process's logger: JSON lines on standard output. Make children with what the lines are about:
 * `logger.child({eventId, deliveryId, subscriptionId})`. Errors go under `err`.
 *
 * Lines are written without blocking: while one write is on its way the next lines collect. A kill -9 may lose the last
 * ones; a regular exit flushes them.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    options.destination ?? fileDestination({ dest: 1, sync: false }),
  );
}
