import type { FaultRow } from '../fault-row.ts';
import { IN_FLIGHT } from './own-dispatchers.ts';
import { redisGone } from './redis-gone.ts';

/**
 * A Redis that remembers, as it should be run (`appendonly yes`). What was added in its last second waits for the sweeper, which
 * takes up events after 10 s, every 5 s; and here every first attempt fails.
 */
export const redisKilled: FaultRow = {
  number: 10,
  group: 'A',
  fault: 'Redis killed under load, back after 2 s with its append-only file',
  bar: `lost 0, twice at most those in flight (2 x ${IN_FLIGHT}), all delivered within 15 s and the 2 s until a retry`,
  short: false,
  run: (surroundings) => redisGone(surroundings, { name: 'aof', forgets: false, recoveredWithinMs: 17_000 }),
};
