import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { createOutboundClient } from '../src/index.ts';
import { aRequest, eventually, LOOPBACK_POLICY, withClient } from './clients.ts';
import { listen, listenRaw, type Receiver } from './receiver.ts';

// Processes of their own take seconds to start on a busy machine.
jest.setTimeout(30_000);

const honest = (): Promise<Receiver> => listen(createServer((_request, response) => response.end('ok')));

test('closing ends what is in flight, waiting and connecting', async () => {
  const hanging = await listenRaw(() => {});
  // Accepts, and never answers the TLS handshake.
  const mute = await listen(createTcpServer(() => {}));

  const client = createOutboundClient({
    policy: LOOPBACK_POLICY,
    connectionsPerOrigin: 2,
    resolver: { resolve: (name) => (name === 'slow.example' ? new Promise(() => {}) : Promise.reject(new Error())) },
  });
  const urls = [
    ...Array<string>(5).fill(`http://127.0.0.1:${hanging.port}/`),
    `https://127.0.0.1:${mute.port}/`,
    'http://slow.example:9/',
  ];
  const sent = urls.map((url) => client.send(aRequest(url, { deadlineMs: 60_000 })));
  await eventually(() => hanging.connections() === 2 && mute.connections() === 1);
  expect(client.inFlight()).toBe(7);

  await client.close();
  for (const result of await Promise.all(sent)) {
    expect(result).toMatchObject({ outcome: 'connection_error', message: 'the request was cancelled' });
  }
  expect(client.inFlight()).toBe(0);
});

test('after closing nothing keeps the process alive: no socket, no timer, no query', async () => {
  const hanging = await listenRaw(() => {});
  const mute = await listen(createTcpServer(() => {}));
  const urls = [`http://127.0.0.1:${hanging.port}/`, `https://127.0.0.1:${mute.port}/`, 'http://slow.example:9/'];
  const program = `
    import { createOutboundClient } from '@owngateway/outbound';
    const resolver = { resolve: () => new Promise(() => {}) };
    const client = createOutboundClient({ policy: ${JSON.stringify(LOOPBACK_POLICY)}, resolver });
    for (const url of ${JSON.stringify(urls)}) {
      void client.send({ url, headers: {}, body: '{}', deadlineMs: 60_000 });
    }
    process.stdin.once('data', () => {
      process.stdin.destroy();
      void client.close();
    });`;
  const running = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  await eventually(() => hanging.connections() === 1 && mute.connections() === 1);
  running.stdin.write('close');
  const closedAtMs = performance.now();
  const [code] = await once(running, 'exit');
  expect(code).toBe(0);
  // A forgotten connection attempt would hold it for ten seconds, a forgotten request for sixty.
  expect(performance.now() - closedAtMs).toBeLessThan(8_000);
});

test('a closed client sends nothing, and can be closed again', async () => {
  const receiver = await honest();
  const client = createOutboundClient({ policy: LOOPBACK_POLICY });
  await client.close();
  const result = await client.send(aRequest(`http://127.0.0.1:${receiver.port}/`));
  expect(result).toMatchObject({ outcome: 'connection_error', requestSent: false });
  expect(receiver.connections()).toBe(0);
  await client.close();
});

test('connections of the least recently used origins are closed, but never those in use', async () => {
  const hanging = await listenRaw(() => {});
  const receivers = await Promise.all(Array.from({ length: 6 }, honest));
  const openAt: number[] = [];
  await withClient({ maxOrigins: 3 }, async (client) => {
    const stuck = client.send(aRequest(`http://127.0.0.1:${hanging.port}/`, { deadlineMs: 60_000 }));
    for (const { port } of receivers) {
      expect(await client.send(aRequest(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'response' });
    }
    await eventually(() => receivers.filter((receiver) => receiver.openConnections() > 0).length <= 3);
    openAt.push(...receivers.map((receiver) => receiver.openConnections()));
    expect(client.inFlight()).toBe(1);
    await client.close();
    await stuck;
  });
  expect(openAt.slice(0, 3)).toEqual([0, 0, 0]);
  expect(openAt.at(-1)).toBe(1);
});

test('connections in all are bounded: the longest unused are closed for new ones', async () => {
  const receivers = await Promise.all(Array.from({ length: 12 }, honest));
  await withClient({ maxConnections: 4 }, async (client) => {
    for (const { port } of receivers) {
      expect(await client.send(aRequest(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'response' });
    }
    const open = () => receivers.filter((receiver) => receiver.openConnections() > 0).length;
    await eventually(() => open() <= 4);
    expect(receivers.at(-1)?.openConnections()).toBe(1);
    // A burst is let through: what is in flight is never closed, and only as much goes as must.
    const results = await Promise.all(receivers.map(({ port }) => client.send(aRequest(`http://127.0.0.1:${port}/`))));
    expect(results.map(({ kind }) => kind)).toEqual(receivers.map(() => 'response'));
  });
});

test('an origin that was closed for want of use is opened again', async () => {
  const [first, second] = await Promise.all([honest(), honest()]);
  await withClient({ maxOrigins: 1 }, async (client) => {
    for (let round = 0; round < 10; round += 1) {
      for (const { port } of [first, second]) {
        expect(await client.send(aRequest(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: 'response' });
      }
    }
  });
});

test('a policy with a range that is none is a fault at once', () => {
  const policy = { ...LOOPBACK_POLICY, allowedPrivateRanges: ['localhost'] };
  expect(() => createOutboundClient({ policy })).toThrow('"localhost" is not an address range');
});
