import type { FaultRow } from './fault-row.ts';
import { queueWiped } from './group-a/12-queue-wiped.ts';

/** All rows, in the order in which they run. A new row is a file of its own and a line here. */
export const rows: readonly FaultRow[] = [queueWiped];
