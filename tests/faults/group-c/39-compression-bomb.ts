import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { FaultRow } from '../fault-row.ts';
import { head, saysAndCloses } from './behaviours.ts';
import { faceMeasured } from './measure.ts';

const MB = 1_048_576;

/** Below the cap as they come, so that only inflating would make them too long. */
const BOMBS = [
  { name: 'gzip', bytes: () => gzipSync(Buffer.alloc(50 * MB)) },
  { name: 'br', bytes: () => brotliCompressSync(Buffer.alloc(100 * MB)) },
  { name: 'deflate', bytes: () => deflateSync(Buffer.alloc(50 * MB)) },
];

export const compressionBomb: FaultRow = {
  number: 39,
  group: 'C',
  fault: 'bodies of 64 KiB at most that would inflate to 50-100 MB: gzip, br, deflate',
  bar: 'not inflated: the status counts, memory grows by 20 MB at most, and nothing is kept of many',
  short: false,
  run: (surroundings) => {
    const cases = BOMBS.map(({ name, bytes }) => {
      const body = bytes();
      const start = head(200, { 'content-encoding': name, 'content-length': String(body.length) });
      const behave = saysAndCloses(Buffer.concat([Buffer.from(start), body]));
      // What undici closes before it has read everything is no whole answer, but its status counts all the same.
      return { name, behave, outcome: 'delivered', status: 200 };
    });
    return faceMeasured(surroundings, { name: 'bombs', endsAtCap: false, cases });
  },
};
