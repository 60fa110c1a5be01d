import type { FaultRow } from '../fault-row.ts';
import { closeAtOnce, head, resetAtOnce, saysAndCloses, saysAndResets, silence } from './behaviours.ts';
import { face } from './face.ts';

const IN_DOUBT = { outcome: 'connection_error', status: null, requestSent: true };

export const resets: FaultRow = {
  number: 42,
  group: 'C',
  fault: 'the connection is reset or closed at each phase: accepted, request read, in the head, in the body',
  bar: 'retried while no status has come, and says that the request had gone out; attempts as many as requests',
  short: true,
  run: async (surroundings) => {
    const begun = 'HTTP/1.1 200 OK\r\nx-';
    const inBody = `${head(200, { 'content-length': '9' })}ok`;
    const answered = { outcome: 'delivered', status: 200, requestSent: true };
    const cases = [
      { name: 'reset-when-accepted', behave: silence, greet: resetAtOnce, ...IN_DOUBT, requestSent: 'either' as const },
      {
        name: 'closed-when-accepted',
        behave: silence,
        greet: closeAtOnce,
        ...IN_DOUBT,
        requestSent: 'either' as const,
      },
      { name: 'reset-after-request', behave: saysAndResets(''), ...IN_DOUBT },
      { name: 'closed-after-request', behave: saysAndCloses(''), ...IN_DOUBT },
      { name: 'reset-in-head', behave: saysAndResets(begun), ...IN_DOUBT },
      { name: 'closed-in-head', behave: saysAndCloses(begun), ...IN_DOUBT },
      { name: 'reset-in-body', behave: saysAndResets(inBody), ...answered },
      { name: 'closed-in-body', behave: saysAndCloses(inBody), ...answered },
      {
        name: 'closed-in-chunk',
        behave: saysAndCloses(`${head(503, { 'transfer-encoding': 'chunked' })}5\r\nok`),
        outcome: 'http_error',
        status: 503,
        requestSent: true,
      },
    ];
    return (await face(surroundings, { name: 'resets', cases })).finding;
  },
};
