import { type DestinationStream, destination as fileDestination, type Logger, pino } from 'pino';
import { censoringSerializers, redact, redactMessage } from './redaction.ts';

export type { Logger };

export interface LoggerOptions {
  service: string;
  level: string;
  /** Standard output unless given; tests pass their own. */
  destination?: DestinationStream;
}

const LINES_AT_ONCE_BYTES = 4_096;
const FLUSHED_EVERY_MS = 250;

/**
 * The process's logger: JSON lines on standard output. Make children with what the lines are about:
 * `logger.child({eventId, deliveryId, subscriptionId})`. Errors go under `err`.
 *
 * Lines are written without blocking and some at a time: a write for every attempt's line was 7 % of a dispatcher. A kill -9
 * may lose the last quarter of a second; a regular exit flushes them.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redact },
      hooks: {
        logMethod(args, method) {
          method.apply(this, redactMessage(args));
        },
      },
      // `redact` has described errors already; pino's own serializer would take the description apart again.
      serializers: { ...censoringSerializers, err: (described: unknown) => described },
    },
    options.destination ??
      fileDestination({ dest: 1, sync: false, minLength: LINES_AT_ONCE_BYTES, periodicFlush: FLUSHED_EVERY_MS }),
  );
}

const FLUSH_TIMEOUT_MS = 1000;

/** Waits until the lines are written, for a moment: a broken pipe must not keep a process from ending. */
export function flushLog(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    logger.flush(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
