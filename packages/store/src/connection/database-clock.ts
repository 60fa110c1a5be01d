import type { Connection } from 'mongoose';

/** The database's clock as this process knows it; leases and ages are judged by it (rule 15). */
export interface DatabaseClock {
  now(): Date;
}

/** A clock that is measured again now and then. */
export interface MeasuredClock extends DatabaseClock {
  /** Measures once; throws when the database cannot be asked. */
  measure(): Promise<void>;
  stop(): void;
}

const MEASURE_AGAIN_MS = 30_000;
const SAMPLES = 3;

interface Reading {
  /** The database's time, in milliseconds since 1970 ... */
  databaseMs: number;
  /** ... at this moment of the process's monotonic clock. */
  monotonicMs: number;
  /** Half of it is how wrong the reading may be. */
  roundTripMs: number;
}

/** The time that the server tells with its greeting. */
export async function askDatabaseTime(connection: Connection): Promise<Date> {
  const { localTime } = await connection.getClient().db('admin').command({ hello: 1 });
  if (!(localTime instanceof Date)) throw new TypeError('The database does not tell its time (hello.localTime)');
  return localTime;
}

/** The quickest of a few answers is the most exact one; the time is taken to be that of the middle of the round trip. */
async function readClock(ask: () => Promise<Date>): Promise<Reading> {
  let best: Reading | undefined;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const askedMs = performance.now();
    const databaseMs = (await ask()).getTime();
    const roundTripMs = performance.now() - askedMs;
    if (best === undefined || roundTripMs < best.roundTripMs) {
      best = { databaseMs, monotonicMs: askedMs + roundTripMs / 2, roundTripMs };
    }
  }
  return best as Reading;
}

/**
 * Measures the database's clock now and every 30 s, and counts on from there with the monotonic clock, so that a step of this
 * machine's clock changes nothing. A measurement that fails leaves the one before in force; the first one throws.
 */
export async function startDatabaseClock(ask: () => Promise<Date>): Promise<MeasuredClock> {
  let reading = await readClock(ask);
  const measure = async (): Promise<void> => {
    reading = await readClock(ask);
  };
  const timer = setInterval(() => {
    measure().catch(() => undefined);
  }, MEASURE_AGAIN_MS);
  timer.unref();
  return {
    now: () => new Date(reading.databaseMs + (performance.now() - reading.monotonicMs)),
    measure,
    stop: () => clearInterval(timer),
  };
}
