import type { FaultRow } from '../fault-row.ts';
import { floods, head, response, saysAndCloses } from './behaviours.ts';
import { face } from './face.ts';

const NO_HTTP = { outcome: 'connection_error', status: null, requestSent: true };
const TOO_LARGE = { outcome: 'response_too_large', status: null, requestSent: true };

const many = (count: number, header: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => header(n)).join('');

/** Heads that no parser should be made to swallow, and odd ones that are still HTTP. */
export const headerAttacks: FaultRow = {
  number: 41,
  group: 'C',
  fault: 'a 64 KiB head, 10,000 headers, two framings, a bad chunk, NUL, junk, odd header names',
  bar: 'each a clean failure of its kind, retried; no crash; the honest receiver gets its next event; no connection left',
  short: true,
  run: async (surroundings) => {
    const text = (name: string, answer: string, expected: typeof NO_HTTP | typeof TOO_LARGE = NO_HTTP) => ({
      name,
      behave: saysAndCloses(answer),
      ...expected,
    });
    const cases = [
      text('long-header', `HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(65_536)}\r\n\r\n`, TOO_LARGE),
      text('many-headers', `HTTP/1.1 200 OK\r\n${many(10_000, (n) => `x-${n}: b\r\n`)}\r\n`, TOO_LARGE),
      { name: 'endless-headers', behave: floods('HTTP/1.1 200 OK\r\n', 'x-a: bbbbbbbb\r\n'.repeat(100)), ...TOO_LARGE },
      text('two-framings', `${head(200, { 'content-length': '5', 'transfer-encoding': 'chunked' })}0\r\n\r\n`),
      text('two-lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok'),
      text('negative-length', head(200, { 'content-length': '-1' })),
      text('absurd-length', head(200, { 'content-length': '9'.repeat(40) })),
      text('bad-chunk', `${head(200, { 'transfer-encoding': 'chunked' })}zz\r\nok\r\n0\r\n\r\n`),
      text('absurd-chunk', `${head(200, { 'transfer-encoding': 'chunked' })}${'f'.repeat(40)}\r\nok\r\n`),
      text('nul', 'HTTP/1.1 200 OK\r\nx-a: b\0c\r\ncontent-length: 0\r\n\r\n'),
      text('no-colon', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'),
      text('junk', '\0\x01\x02 hello\r\n\r\n'),
      text('other-protocol', 'SSH-2.0-OpenSSH_9.6\r\n'),
      {
        name: 'odd-names',
        behave: saysAndCloses(
          response(500, {
            $where: '1',
            'a.b': '2',
            ['__proto__']: '3',
            constructor: '4',
            'x-euro': '\u20ac',
            'x-ok': '5',
          }),
        ),
        outcome: 'http_error',
        status: 500,
      },
      {
        name: 'two-answers',
        behave: saysAndCloses(`${response(200)}${response(500)}`),
        outcome: 'delivered',
        status: 200,
      },
    ];
    return (await face(surroundings, { name: 'heads', cases })).finding;
  },
};
