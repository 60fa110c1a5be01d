import type { FaultRow } from './fault-row.ts';
import { dispatcherKilled } from './group-a/01-dispatcher-killed.ts';
import { jobKilledRepeatedly } from './group-a/02-job-killed-repeatedly.ts';
import { gracefulStop } from './group-a/03-graceful-stop.ts';
import { stopWhileHung } from './group-a/04-stop-while-hung.ts';
import { queueWiped } from './group-a/12-queue-wiped.ts';

/** All rows, in the order in which they run. A new row is a file of its own and a line here. */
export const rows: readonly FaultRow[] = [
  dispatcherKilled,
  jobKilledRepeatedly,
  gracefulStop,
  stopWhileHung,
  queueWiped,
];
