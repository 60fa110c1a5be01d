import { Gauge } from 'prom-client';
import type { Logger } from '../logger/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What a look at all sealed secrets found, as far as it is told. */
interface SealsSeen {
  currentVersion: number;
  counts: readonly { byKey: Readonly<Record<string, number>>; unreadable: number }[];
  /** Where some of those that cannot be opened stand. */
  unreadable: readonly { collection: string; id: string; path: string; keyVersion: number | null; fault: string }[];
}

/** Between batches, so that nobody notices. */
const PAUSE_MS = 50;
const EVERY_MS = 3_600_000;
const MAX_NAMED = 10;

/**
 * Looks through all sealed secrets now and every hour, in the background, and tells what no key of ENCRYPTION_KEYS opens: as
 * an error with the records' names and as a metric. A service with a wrong ring starts all the same; whatever it can open works.
 */
export function watchSeals(parts: {
  survey: (walk: { signal: AbortSignal; pauseMs: number }) => Promise<SealsSeen>;
  logger: Logger;
  metrics: Metrics;
  onStop: (name: string, stop: () => unknown) => void;
}): void {
  const { survey, logger, onStop } = parts;
  const registers = [parts.metrics.registry];
  const unreadable = new Gauge({
    name: 'sealed_values_unreadable',
    help: 'Secrets in the database that no key of ENCRYPTION_KEYS opens',
    registers,
  });
  const underOldKeys = new Gauge({
    name: 'sealed_values_under_old_keys',
    help: 'Secrets in the database that re-encrypting would put under the current key',
    registers,
  });
  const stopping = new AbortController();

  function tell(seen: SealsSeen): void {
    const broken = seen.counts.reduce((sum, count) => sum + count.unreadable, 0);
    const all = seen.counts.flatMap(({ byKey }) => Object.entries(byKey));
    const old = all.reduce((sum, [version, texts]) => sum + (Number(version) === seen.currentVersion ? 0 : texts), 0);
    unreadable.set(broken);
    underOldKeys.set(old);
    if (broken === 0) return;
    const records = seen.unreadable.slice(0, MAX_NAMED).map((one) => `${one.collection} ${one.id} ${one.path}`);
    const keyVersions = [...new Set(seen.unreadable.map(({ keyVersion }) => keyVersion))];
    logger.error(
      { unreadable: broken, keyVersions, records },
      'stored secrets cannot be opened with ENCRYPTION_KEYS: put the missing key back, or have them set again',
    );
  }

  async function look(): Promise<void> {
    try {
      tell(await survey({ signal: stopping.signal, pauseMs: PAUSE_MS }));
    } catch (error) {
      if (!stopping.signal.aborted) logger.warn({ err: error }, 'the look at the sealed secrets was broken off');
    }
  }

  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, EVERY_MS);
  timer.unref();
  onStop('look at the sealed secrets', () => {
    clearInterval(timer);
    stopping.abort();
    return looking;
  });
}
