import { Gauge } from 'prom-client';
import type { Logger } from '../logger/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** Receivers and connectors accept signatures that are five minutes off; long before that somebody should know. */
const TOLERATED_MS = 30_000;
const EVERY_MS = 30_000;

/**
 * Tells when this machine's clock and the database's disagree: by a metric always, by a line of the log when it is more than 30 s.
 * Schedules and leases go by the database's clock and are right all the same; the times of signatures, made and checked, are
 * this machine's.
 */
export function watchClock(parts: {
  databaseNow: () => Date;
  logger: Logger;
  metrics: Metrics;
  onStop: (name: string, stop: () => unknown) => void;
}): void {
  const { databaseNow, logger, metrics, onStop } = parts;
  const offsetMs = () => Date.now() - databaseNow().getTime();
  new Gauge({
    name: 'clock_offset_seconds',
    help: 'How far this machine’s clock is ahead of the database’s',
    registers: [metrics.registry],
    collect() {
      this.set(offsetMs() / 1000);
    },
  });

  function look(): void {
    const off = offsetMs();
    if (Math.abs(off) <= TOLERATED_MS) return;
    logger.error(
      { clockOffsetS: Math.round(off / 1000) },
      'this machine’s clock and the database’s disagree: signatures are refused beyond 300 s',
    );
  }
  look();
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  onStop('look at the clock', () => clearInterval(timer));
}
