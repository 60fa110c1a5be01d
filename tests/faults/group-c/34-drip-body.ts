import type { FaultRow } from '../fault-row.ts';
import { drips, head } from './behaviours.ts';
import { face } from './face.ts';

/** The status has come, so it decides; only the waiting for the rest ends at the deadline. */
export const dripBody: FaultRow = {
  number: 34,
  group: 'C',
  fault: 'the body of a 200 and of a 500 comes a byte every 200 ms',
  bar: 'every attempt ends by deadline + 0.5 s with the status that came; no connection left',
  short: false,
  run: async (surroundings) => {
    const cases = [
      {
        name: 'success',
        behave: drips(head(200, { 'content-length': '5000' }), 'x'),
        outcome: 'delivered',
        status: 200,
        requestSent: true,
      },
      {
        name: 'error-in-chunks',
        behave: drips(head(500, { 'transfer-encoding': 'chunked' }), '1\r\nx\r\n'),
        outcome: 'http_error',
        status: 500,
        requestSent: true,
      },
    ];
    return (await face(surroundings, { name: 'dripbodies', cases })).finding;
  },
};
