import type { DeliveryWithAttemptsBody } from '../../parties/records.ts';
import type { FaultRow } from '../fault-row.ts';
import { response, saysAndCloses } from './behaviours.ts';
import { face } from './face.ts';

const MB = 1_048_576;
/** docs/deliveries.md: of a body and of the headers each. */
const CAP = 4_096;

/** Said, because a request on a connection that just closes would be a failure of its own. */
const CLOSES = { connection: 'close' };

/** Each byte would take three as the character that stands for "no UTF-8". */
const BINARY = Buffer.alloc(MB, 0xff);

export const hugeErrorPage: FaultRow = {
  number: 40,
  group: 'C',
  fault: 'error pages of 1 MB, as text and as bytes that are no text, and 12 KiB of headers',
  bar: 'an attempt is written each time, with the status and at most 4 KiB of body and of headers each',
  short: true,
  run: async (surroundings) => {
    const events = surroundings.short ? 20 : 1_000;
    const page = response(500, CLOSES, '<h1>Sorry</h1>'.padEnd(MB, 'x'));
    const binary = Buffer.concat([
      Buffer.from(`HTTP/1.1 502 Bad\r\nconnection: close\r\ncontent-length: ${BINARY.length}\r\n\r\n`),
      BINARY,
    ]);
    const long = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`x-long-${n}`, 'b'.repeat(90)]));
    const expected = { outcome: 'http_error', requestSent: true };
    const facing = await face(surroundings, {
      name: 'pages',
      cases: [
        { name: 'page', behave: saysAndCloses(page), ...expected, status: 500 },
        { name: 'binary', behave: saysAndCloses(binary), ...expected, status: 502 },
        {
          name: 'headers',
          behave: saysAndCloses(response(503, { ...CLOSES, ...long }, 'sorry')),
          outcome: 'http_error',
          status: 503,
        },
      ],
    });
    await facing.sendMore(events);
    const requests = facing.faced.reduce((sum, { receiver }) => sum + receiver.requests.length, 0);
    const ids = await facing.world.operator.list<{ id: string }>('/v1/deliveries', { status: 'failed' });
    let attempts = 0;
    let longestBody = 0;
    let longestHeaders = 0;
    for (const { id } of ids) {
      const delivery = await facing.world.operator.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`);
      attempts += delivery.attempts.filter(({ http_status }) => http_status !== null).length;
      for (const { response_body, response_headers } of delivery.attempts) {
        longestBody = Math.max(longestBody, Buffer.byteLength(response_body ?? ''));
        longestHeaders = Math.max(
          longestHeaders,
          Buffer.byteLength(
            Object.entries(response_headers ?? {})
              .flat()
              .join(''),
          ),
        );
      }
    }
    const isWritten = attempts === requests && ids.length === facing.faced.length * (events + 2);
    return {
      met: facing.finding.met && isWritten && longestBody <= CAP && longestHeaders <= CAP,
      figure: `${requests} requests, ${attempts} attempts written with their status, longest body ${longestBody} bytes, longest headers ${longestHeaders}; ${facing.finding.figure}`,
      figures: {
        ...facing.finding.figures,
        requests,
        attempts_written: attempts,
        longest_body_bytes: longestBody,
        longest_headers_bytes: longestHeaders,
      },
    };
  },
};
