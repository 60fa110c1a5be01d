import type { FaultRow } from '../fault-row.ts';
import { IN_FLIGHT } from './own-dispatchers.ts';
import { redisGone } from './redis-gone.ts';

/** A Redis that remembers, as it should be run (`appendonly yes`). */
export const redisKilled: FaultRow = {
  number: 10,
  group: 'A',
  fault: 'Redis killed under load, back after 2 s with its append-only file',
  bar: `lost 0, twice at most those in flight (2 x ${IN_FLIGHT}), all delivered within 15 s`,
  short: false,
  run: (surroundings) => redisGone(surroundings, { name: 'aof', forgets: false, recoveredWithinMs: 15_000 }),
};
