import { STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import { type Listening, listen } from '../src/index.ts';

// A machine that may be busy.
jest.setTimeout(30_000);

let server: Listening;
let reached: number;
let dropped: number;

beforeEach(async () => {
  reached = 0;
  dropped = 0;
  server = await listen(
    (request, response) => {
      reached += 1;
      if (request.url === '/early') response.write('early');
      request.resume().once('end', () => response.end('ok'));
    },
    {
      port: 0,
      host: '127.0.0.1',
      maxConnections: 3,
      onDrop() {
        dropped += 1;
      },
    },
  );
});

afterEach(async () => {
  server.closeNow();
  await server.close();
});

/** Everything that comes back until the server closes, or until the text comes that is waited for. */
function send(text: string, until?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('error', reject);
    socket.on('data', (part: string) => {
      answer += part;
      if (until !== undefined && answer.includes(until)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
  });
}

const head = (...lines: string[]) => ['POST / HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
const chunked = '2\r\nab\r\n0\r\n\r\n';

it('answers what has an honest head', async () => {
  const many = Array.from({ length: 198 }, (_, index) => `x-${index}: 1`);
  expect(await send(head(...many, 'Content-Length: 0'), 'ok')).toMatch(/^HTTP\/1.1 200/);
  expect(await send(head('Transfer-Encoding: Chunked') + chunked, 'ok')).toMatch(/^HTTP\/1.1 200/);
});

it.each([
  ['201 headers', head(...Array.from({ length: 200 }, () => 'a:'))],
  ['4,000 headers', head(...Array.from({ length: 4_000 }, () => 'a:'))],
  ['a head of 17 KiB', head(`a: ${'x'.repeat(17_408)}`)],
])('refuses %s with 431 and closes', async (_, text) => {
  expect(await send(text)).toMatch(/^HTTP\/1.1 431/);
  expect(reached).toBe(0);
});

it.each([
  ['a method that there is not', 400, 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a head of 20 KiB', 431, head(`a: ${'x'.repeat(20_480)}`)],
  ['201 headers', 431, head(...Array.from({ length: 200 }, () => 'a:'))],
  ['no host', 400, head('Content-Length: 0').replace('Host: x\r\n', '')],
])('tells with a problem document what is wrong with %s', async (_, status, text) => {
  const [start, body = ''] = (await send(text)).split('\r\n\r\n');
  expect(start).toContain('\r\nContent-Type: application/problem+json');
  expect(start).toContain(`\r\nContent-Length: ${body.length}`);
  expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status, title: STATUS_CODES[status] });
});

it('does not speak into an answer that has begun', async () => {
  let answer = '';
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('latin1').write(head('Transfer-Encoding: chunked').replace('/', '/early'));
  socket.on('data', (part: string) => {
    answer += part;
    if (part.includes('early')) socket.write('no chunk\r\n');
  });
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answer).toMatch(/^HTTP\/1.1 200/);
  expect(answer).not.toContain('about:blank');
});

it('does not go on with what came behind a refused head', async () => {
  const refused = head('Transfer-Encoding: identity, chunked') + chunked;
  expect((await send(refused + head('Content-Length: 0'))).match(/HTTP\/1/g)).toHaveLength(1);
  expect(reached).toBe(0);
});

it('answers what is sent ahead in order, and closes when nobody waits for the answers', async () => {
  const ahead = (count: number) => head('Content-Length: 0').repeat(count);
  const last = head('Connection: close', 'Content-Length: 0');
  expect((await send(ahead(31) + last)).match(/HTTP\/1.1 200/g)).toHaveLength(32);
  reached = 0;
  await send(ahead(1_000)).catch(() => '');
  expect(reached).toBe(32);
});

it.each([
  ['two framings', head('Content-Length: 4', 'Transfer-Encoding: chunked') + chunked],
  ['a coding before chunked', head('Transfer-Encoding: gzip, chunked') + chunked],
  ['identity before chunked', head('Transfer-Encoding: identity, chunked') + chunked],
  ['chunked twice', head('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + chunked],
  ['no host', head('Content-Length: 0').replace('Host: x\r\n', '')],
  ['chunked in HTTP/1.0', head('Transfer-Encoding: chunked').replace('1.1', '1.0') + chunked],
])('refuses %s with 400 and closes', async (_, text) => {
  expect(await send(text)).toMatch(/^HTTP\/1.1 400/);
  expect(reached).toBe(0);
});

it('closes a connection that is one too many, and takes the next one when there is room', async () => {
  const idle = [1, 2, 3].map(() => connect(server.port, '127.0.0.1'));
  await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  // The server has taken them when it has answered on the last one.
  idle[2]?.write(head('Content-Length: 0'));
  await new Promise((resolve) => idle[2]?.once('data', resolve));
  expect(await send(head('Content-Length: 0')).catch(() => '')).toBe('');
  expect([reached, dropped]).toEqual([1, 1]);
  const gone = new Promise((resolve) => idle[0]?.once('close', resolve));
  idle[0]?.destroy();
  await gone;
  const deadline = Date.now() + 10_000;
  let answer = '';
  while (answer === '' && Date.now() < deadline) {
    answer = await send(head('Content-Length: 0'), 'ok').catch(() => '');
  }
  expect(answer).toMatch(/^HTTP\/1.1 200/);
  for (const socket of idle) socket.destroy();
});
