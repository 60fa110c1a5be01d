import type { FaultRow } from '../fault-row.ts';
import { floods, head } from './behaviours.ts';
import { faceMeasured } from './measure.ts';

const PIECE = Buffer.alloc(65_536, 'x');
const CHUNK = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);

export const endlessBody: FaultRow = {
  number: 38,
  group: 'C',
  fault: 'an endless body, in chunks and without length, and one of 10 GB',
  bar: 'cut off at the cap: 64 + 64 KiB read for each at most; memory grows by 20 MB at most, and nothing is kept of many; the status counts',
  short: false,
  run: (surroundings) =>
    faceMeasured(surroundings, {
      name: 'endless',
      endsAtCap: true,
      cases: [
        { name: 'until-close', behave: floods(head(200), PIECE), outcome: 'delivered', status: 200, requestSent: true },
        {
          name: 'in-chunks',
          behave: floods(head(500, { 'transfer-encoding': 'chunked' }), CHUNK),
          outcome: 'http_error',
          status: 500,
          requestSent: true,
        },
        {
          name: 'ten-gigabytes',
          behave: floods(head(200, { 'content-length': '10000000000' }), PIECE),
          outcome: 'delivered',
          status: 200,
          requestSent: true,
        },
      ],
    }),
};
