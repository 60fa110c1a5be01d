import type { FaultRow } from '../fault-row.ts';
import { IN_FLIGHT } from './own-dispatchers.ts';
import { redisGone } from './redis-gone.ts';

/** A Redis without persistence, or on a new machine: it comes back empty. */
export const redisForgets: FaultRow = {
  number: 11,
  group: 'A',
  fault: 'Redis killed under load, back after 2 s and empty',
  bar: `lost 0, twice at most those in flight (2 x ${IN_FLIGHT}), all delivered within one sweep + 30 s`,
  short: false,
  run: (surroundings) => redisGone(surroundings, { name: 'empty', forgets: true, recoveredWithinMs: 35_000 }),
};
