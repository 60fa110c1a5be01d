import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { OutboundRequest, OutboundResult } from '../src/index.ts';
import { aRequest, eventually, withClient } from './clients.ts';
import { drip, listenRaw, writeForEver } from './receiver.ts';

/** Short, because the receivers that meet it would stay open for ever. */
const DEADLINE_MS = 150;

async function sendTo(
  behave: (socket: Socket) => void,
  changes: Partial<OutboundRequest> = {},
): Promise<OutboundResult> {
  const receiver = await listenRaw(behave);
  try {
    return await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${receiver.port}/hooks`, changes)));
  } finally {
    await receiver.close();
  }
}

const answer = (text: string) => (socket: Socket) => socket.end(text);

describe('whoever plays for time is cut at the total deadline', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['never answers', () => {}],
    [
      'drips the head',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        drip(socket, 'x-a: b\r\n');
      },
    ],
    ['stops in the status line', (socket) => socket.write('HTTP/1.1 2')],
    ['stops after an interim answer', (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')],
  ])('one that %s', async (_what, behave) => {
    const result = await sendTo(behave, { deadlineMs: DEADLINE_MS });
    expect(result).toMatchObject({ kind: 'failure', outcome: 'timeout', requestSent: true, answer: null });
    expect(result.durationMs).toBeGreaterThanOrEqual(DEADLINE_MS - 2);
    expect(result.durationMs).toBeLessThan(DEADLINE_MS + 5_000);
  });

  test.each<[string, number, string, (socket: Socket) => void]>([
    [
      'drips the body',
      200,
      'x',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n');
        drip(socket, 'x');
      },
    ],
    [
      'drips a chunked body after status 500',
      500,
      'x',
      (socket) => {
        socket.write('HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n');
        drip(socket, '1\r\nx\r\n');
      },
    ],
    ['stops after the head', 200, '', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n')],
    ['stops in the body', 200, 'o', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no')],
  ])('one that %s; what had come is told', async (_what, status, begins, behave) => {
    const result = await sendTo(behave, { deadlineMs: DEADLINE_MS });
    expect(result).toMatchObject({ kind: 'failure', outcome: 'timeout', requestSent: true });
    expect(result).toMatchObject({ answer: { status, body: expect.stringMatching(new RegExp(`^${begins}`)) } });
    expect(result.durationMs).toBeLessThan(DEADLINE_MS + 5_000);
  });
});

describe('whatever is no HTTP answer is a connection error', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['junk', answer('\u0000\u0001\u0002 hello\r\n\r\n')],
    ['another protocol', answer('SSH-2.0-OpenSSH_9.6\r\n')],
    ['a bad status', answer('HTTP/1.1 2x0 OK\r\n\r\n')],
    ['a bad header', answer('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n')],
    ['a NUL in a header', answer('HTTP/1.1 200 OK\r\nx-a: b\u0000c\r\ncontent-length: 0\r\n\r\n')],
    ['two lengths', answer('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok')],
    [
      'a length beside chunks',
      answer('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    ],
    ['a negative length', answer('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n')],
    ['an absurd length', answer(`HTTP/1.1 200 OK\r\ncontent-length: ${'9'.repeat(40)}\r\n\r\n`)],
    ['a bad chunk', answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n')],
    [
      'an upgrade that nobody asked for',
      answer('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
    ['a 100 that nobody asked for', (socket) => writeForEver(socket, 'HTTP/1.1 100 Continue\r\n\r\n')],
    ['endless interim answers', (socket) => writeForEver(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
    ['a close instead of an answer', (socket) => socket.end()],
    ['a reset instead of an answer', (socket) => socket.resetAndDestroy()],
    ['a reset in the head', (socket) => socket.write('HTTP/1.1 200 OK\r\nx-', () => socket.resetAndDestroy())],
  ])('%s', async (_what, behave) => {
    const result = await sendTo(behave);
    expect(result).toMatchObject({ kind: 'failure', outcome: 'connection_error', requestSent: true, answer: null });
  });

  test.each<[string, (socket: Socket) => void]>([
    ['a body that ends early', answer('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok')],
    ['chunks that end early', answer('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nok')],
    [
      'a reset in the body',
      (socket) =>
        // A reset throws away what the other side has not read yet.
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', () =>
          setTimeout(() => socket.resetAndDestroy(), 100),
        ),
    ],
  ])('%s, but what had come is told', async (_what, behave) => {
    expect(await sendTo(behave)).toMatchObject({
      kind: 'failure',
      outcome: 'connection_error',
      requestSent: true,
      answer: { status: 200, body: 'ok' },
    });
  });

  test('nobody listens', async () => {
    const receiver = await listenRaw(() => {});
    await receiver.close();
    const result = await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${receiver.port}/`)));
    expect(result).toMatchObject({ outcome: 'connection_error', requestSent: false });
  });
});

describe('whoever sends too much is cut off', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n';

  test('an endless body, having read little more than the cap', async () => {
    let written: number | null = null;
    const result = await sendTo((socket) => {
      socket.write(`${HEAD}\r\n`);
      writeForEver(socket, Buffer.alloc(16_384, 'x'));
      socket.on('close', () => {
        written = socket.bytesWritten;
      });
    });
    expect(result).toMatchObject({ outcome: 'response_too_large', requestSent: true, answer: { status: 200 } });
    // What the two kernels hold between them is written but never read.
    await eventually(() => written !== null);
    expect(written).toBeLessThan(20_000_000);
  });

  test.each([
    [
      'endless headers',
      (socket: Socket) => writeForEver(socket, 'HTTP/1.1 200 OK\r\n'.concat('x-a: b\r\n'.repeat(100))),
    ],
    ['one huge header', answer(`${HEAD}x-a: ${'b'.repeat(65_536)}\r\n\r\n`)],
    ['thousands of headers', answer(`${HEAD}${'x-a: b\r\n'.repeat(10_000)}\r\n`)],
  ])('%s', async (_what, behave) => {
    expect(await sendTo(behave)).toMatchObject({ kind: 'failure', requestSent: true });
  });

  test('a head above 16 KiB is called too large', async () => {
    const result = await sendTo(answer(`${HEAD}${'x-a: bbbbbbbbbbbbbbbb\r\n'.repeat(1_000)}content-length: 0\r\n\r\n`));
    expect(result).toMatchObject({ outcome: 'response_too_large' });
  });

  test('only when the cap is exceeded', async () => {
    const ofLength = (bytes: number) => answer(`${HEAD}content-length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`);
    expect(await sendTo(ofLength(65_536))).toMatchObject({ kind: 'response', status: 200, bodyTruncated: true });
    expect(await sendTo(ofLength(65_537))).toMatchObject({ outcome: 'response_too_large' });
    expect(await sendTo(ofLength(10), { maxResponseBytes: 10 })).toMatchObject({ kind: 'response' });
    expect(await sendTo(ofLength(11), { maxResponseBytes: 10 })).toMatchObject({ outcome: 'response_too_large' });
  });

  test('a compressed bomb is never inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(65_536);
    const result = await sendTo((socket) => {
      socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.end(bomb);
    });
    expect(result).toMatchObject({ kind: 'response', bodyTruncated: true });
    expect(result.kind === 'response' && result.body.length).toBeLessThanOrEqual(4_096);
  });
});

describe('the text that is kept of a body', () => {
  const body = (bytes: Buffer) => (socket: Socket) => {
    socket.write(`HTTP/1.1 500 Oops\r\ncontent-length: ${bytes.length}\r\n\r\n`);
    socket.end(bytes);
  };

  test.each([
    ['bytes that are no UTF-8', Buffer.alloc(20_000, 0xff)],
    ['characters of two bytes, one of them cut in two', Buffer.from(`x${'é'.repeat(10_000)}`)],
    ['characters of four bytes', Buffer.from(`x${'\u{1f4b6}'.repeat(5_000)}`)],
  ])('is never longer than the cap in UTF-8: %s', async (_what, bytes) => {
    const result = await sendTo(body(bytes));
    const text = result.kind === 'response' ? result.body : '';
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(text)).toBeGreaterThan(4_090);
  });

  test('has no character that was cut in two', async () => {
    const result = await sendTo(body(Buffer.from(`x${'é'.repeat(10_000)}`)));
    expect(result).toMatchObject({ body: `x${'é'.repeat(2_047)}` });
  });
});

test.each([301, 302, 303, 307, 308])('a %d is an answer and leads nowhere', async (status) => {
  const elsewhere = await listenRaw(answer('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  const location = `http://127.0.0.1:${elsewhere.port}/`;
  const result = await sendTo(answer(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`));
  expect(result).toMatchObject({ kind: 'response', status, headers: { location } });
  expect(elsewhere.connections()).toBe(0);
});
