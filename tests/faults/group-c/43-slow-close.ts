import type { FaultRow } from '../fault-row.ts';
import { drips, head, says } from './behaviours.ts';
import { face } from './face.ts';

const IN_FULL = { 'content-length': '9' };

/** docs/deliveries.md: a status that has come counts; `echo` needs the event id in what came of the body. */
export const slowClose: FaultRow = {
  number: 43,
  group: 'C',
  fault: 'a 200 at once, and a body that never ends',
  bar: 'delivered, by deadline + 0.5 s; under the echo rule only once the event id has come; no connection left',
  short: false,
  run: async (surroundings) => {
    const delivered = { outcome: 'delivered', status: 200, requestSent: true };
    const plain = await face(surroundings, {
      name: 'slowclose',
      cases: [
        { name: 'stops-after-head', behave: says(head(200, IN_FULL)), ...delivered },
        { name: 'stops-in-body', behave: says(`${head(200, IN_FULL)}ok`), ...delivered },
        { name: 'without-length', behave: says(head(200)), ...delivered },
        {
          name: 'drips',
          behave: drips(head(202, { 'transfer-encoding': 'chunked' }), '1\r\nx\r\n'),
          ...delivered,
          status: 202,
        },
      ],
    });
    const echo = await face(surroundings, {
      name: 'slowecho',
      subscription: { success: 'echo' },
      cases: [
        {
          name: 'echoes-and-stops',
          behave: (socket, { eventId }) => void socket.write(`${head(200)}got ${eventId}`),
          ...delivered,
        },
        {
          name: 'stops-before-echo',
          behave: says(`${head(200)}got`),
          outcome: 'timeout',
          status: 200,
          requestSent: true,
        },
      ],
    });
    return {
      met: plain.finding.met && echo.finding.met,
      figure: `${plain.finding.figure}; echo: ${echo.finding.figure}`,
      figures: { ...plain.finding.figures, echo_longest_attempt_ms: echo.finding.figures.longest_attempt_ms ?? null },
    };
  },
};
