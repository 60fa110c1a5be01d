import type { FaultRow } from '../fault-row.ts';
import { drips } from './behaviours.ts';
import { face } from './face.ts';

const TIMED_OUT = { outcome: 'timeout', status: null, requestSent: true };

export const dripHead: FaultRow = {
  number: 33,
  group: 'C',
  fault: 'the head of the answer comes a header, or a byte, every 200 ms',
  bar: 'every attempt ends by deadline + 0.5 s, is retried; no connection left',
  short: false,
  run: async (surroundings) => {
    const cases = [
      { name: 'by-headers', behave: drips('HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'), ...TIMED_OUT },
      { name: 'by-bytes', behave: drips('HTTP/1.1 200 OK\r\nx-a: ', 'b'), ...TIMED_OUT },
      { name: 'in-status-line', behave: drips('HTTP/1.1 200 ', 'O'), ...TIMED_OUT },
    ];
    return (await face(surroundings, { name: 'dripheads', cases })).finding;
  },
};
