import { createServer, type IncomingMessage } from 'node:http';
import { aRequest, eventually, withClient } from './clients.ts';
import { listen, listenRaw } from './receiver.ts';

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An honest receiver that remembers what it got. */
async function honestReceiver(body = 'thanks') {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(
      200,
      [
        ['Content-Type', 'text/plain'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['Content-Length', String(Buffer.byteLength(body))],
      ].flat(),
    );
    response.end(body);
  });
  return { received, ...(await listen(server)) };
}

test('sends method, path, query, headers and body as they were given', async () => {
  const receiver = await honestReceiver();
  const url = `http://127.0.0.1:${receiver.port}/hooks/a%20b?x=1&y=%C3%BC`;
  const body = '{"amount":9007199254740993,"name":"Bücher"}';
  const result = await withClient({}, (client) => client.send(aRequest(url, { body })));

  expect(result).toEqual({
    kind: 'response',
    status: 200,
    headers: expect.objectContaining({ 'content-type': 'text/plain', 'set-cookie': 'a=1, b=2' }),
    body: 'thanks',
    bodyTruncated: false,
    durationMs: expect.any(Number),
  });
  expect(receiver.received).toEqual([
    {
      method: 'POST',
      url: '/hooks/a%20b?x=1&y=%C3%BC',
      body,
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        connection: 'keep-alive',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': 'evt_1',
      },
    },
  ]);
});

test('keeps only the beginning of an answer, without the character that the cut goes through', async () => {
  const receiver = await honestReceiver('ü'.repeat(100));
  const url = `http://127.0.0.1:${receiver.port}/`;
  const result = await withClient({}, (client) => client.send(aRequest(url, { keepResponseBytes: 5 })));
  expect(result).toMatchObject({ body: 'üü', bodyTruncated: true });
});

test('reads an answer that ends with the connection', async () => {
  const receiver = await listenRaw((socket) => socket.end('HTTP/1.0 202 Accepted\r\n\r\nall of it'));
  const result = await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${receiver.port}/`)));
  expect(result).toMatchObject({ status: 202, body: 'all of it' });
});

test('keeps connections alive and never has more per origin than allowed', async () => {
  const receiver = await honestReceiver();
  const request = aRequest(`http://127.0.0.1:${receiver.port}/`);
  await withClient({ connectionsPerOrigin: 3 }, async (client) => {
    const results = await Promise.all(Array.from({ length: 30 }, () => client.send(request)));
    expect(results.every((result) => result.kind === 'response')).toBe(true);
  });
  expect(receiver.received).toHaveLength(30);
  expect(receiver.connections()).toBeLessThanOrEqual(3);
});

test('waiting for a connection counts against the deadline, and what waited too long is never sent', async () => {
  const receiver = await listenRaw(() => {});
  await withClient({ connectionsPerOrigin: 1 }, async (client) => {
    const url = `http://127.0.0.1:${receiver.port}/`;
    const first = client.send(aRequest(url, { body: 'first', deadlineMs: 200 }));
    const second = client.send(aRequest(url, { body: 'second', deadlineMs: 60 }));
    expect(await second).toMatchObject({ outcome: 'timeout', requestSent: false });
    expect(client.inFlight()).toBe(1);
    expect(await first).toMatchObject({ outcome: 'timeout', requestSent: true });
    const third = await client.send(aRequest(url, { body: 'third', deadlineMs: 60 }));
    expect(third).toMatchObject({ outcome: 'timeout', requestSent: true });
  });
  expect(receiver.requests.map((text) => text.split('\r\n\r\n')[1])).toEqual(['first', 'third']);
});

test('a request that dies on a reused connection is a failure, and is not sent again', async () => {
  let requests = 0;
  const receiver = await listenRaw((socket) => {
    requests += 1;
    if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    else socket.resetAndDestroy();
  });
  await withClient({ connectionsPerOrigin: 1 }, async (client) => {
    const request = aRequest(`http://127.0.0.1:${receiver.port}/`);
    expect(await client.send(request)).toMatchObject({ kind: 'response' });
    expect(await client.send(request)).toMatchObject({ outcome: 'connection_error', requestSent: true });
  });
  expect(receiver.connections()).toBe(1);
  expect(requests).toBe(2);
});

test('an idle connection that the receiver has closed is not used', async () => {
  const receiver = await listenRaw((socket) => {
    socket.end('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n');
  });
  await withClient({}, async (client) => {
    for (let round = 0; round < 20; round += 1) {
      const result = await client.send(aRequest(`http://127.0.0.1:${receiver.port}/`));
      expect(result).toMatchObject({ kind: 'response', status: 200 });
    }
  });
});

test('an answer that nobody asked for is not taken for the next one', async () => {
  const receiver = await listenRaw((socket) => {
    socket.write('HTTP/1.1 500 Mine\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 Smuggled\r\ncontent-length: 0\r\n\r\n');
  });
  await withClient({ connectionsPerOrigin: 1 }, async (client) => {
    for (let round = 0; round < 5; round += 1) {
      const result = await client.send(aRequest(`http://127.0.0.1:${receiver.port}/`));
      expect(result).not.toMatchObject({ status: 200 });
    }
  });
});

test('the caller can end a request, before and while it runs', async () => {
  const receiver = await listenRaw(() => {});
  await withClient({}, async (client) => {
    const url = `http://127.0.0.1:${receiver.port}/`;
    const early = await client.send(aRequest(url, { signal: AbortSignal.abort() }));
    expect(early).toMatchObject({ outcome: 'connection_error', requestSent: false });
    const controller = new AbortController();
    const running = client.send(aRequest(url, { signal: controller.signal }));
    await eventually(() => receiver.requests.length === 1);
    controller.abort();
    expect(await running).toMatchObject({ message: 'the request was cancelled', requestSent: true });
    expect(client.inFlight()).toBe(0);
  });
});

test('one receiver that hangs does not hold another one back', async () => {
  const hanging = await listenRaw(() => {});
  const honest = await honestReceiver();
  await withClient({ connectionsPerOrigin: 2 }, async (client) => {
    const stuck = Array.from({ length: 50 }, () =>
      client.send(aRequest(`http://127.0.0.1:${hanging.port}/`, { deadlineMs: 400 })),
    );
    const result = await client.send(aRequest(`http://127.0.0.1:${honest.port}/`, { deadlineMs: 300 }));
    expect(result).toMatchObject({ kind: 'response' });
    expect((await Promise.all(stuck)).every((one) => one.kind === 'failure' && one.outcome === 'timeout')).toBe(true);
  });
});

test('a large body goes out whole', async () => {
  const receiver = await honestReceiver();
  const body = Buffer.alloc(2_000_000, 'x');
  await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${receiver.port}/`, { body })));
  expect(receiver.received[0]?.body.length).toBe(body.length);
});

test('an early answer to a large body is an answer', async () => {
  const server = createServer((_request, response) =>
    response.writeHead(413, { connection: 'close' }).end('too large'),
  );
  const receiver = await listen(server);
  const body = Buffer.alloc(8_000_000, 'x');
  const result = await withClient({}, (client) =>
    client.send(aRequest(`http://127.0.0.1:${receiver.port}/`, { body })),
  );
  // Depending on which side is faster, the answer arrives or the reset that follows it; nothing crashes or hangs.
  expect([413, 'connection_error']).toContain(result.kind === 'response' ? result.status : result.outcome);
});
