import { execFile } from 'node:child_process';
import { createServer as createTcpServer } from 'node:net';
import {
  createServer,
  getCACertificates,
  type SecureVersion,
  setDefaultCACertificates,
  type TLSSocket,
} from 'node:tls';
import { promisify } from 'node:util';
import type { OutboundResult } from '../src/index.ts';
import { type Certificate, selfSigned } from '../src/testing/index.ts';
import { aRequest, LOOPBACK_POLICY, withClient } from './clients.ts';
import { listen, listenRaw } from './receiver.ts';

const HOST = 'shop.example';
const resolver = { resolve: async () => [{ address: '127.0.0.1' }] };
const certificate = selfSigned(HOST);

interface TlsReceiver {
  port: number;
  /** One entry per request: the name that the client asked for, and whether it resumed a session. */
  seen: { servername: string | false | null; resumed: boolean; protocol: string | null }[];
}

/** Answers `ok` and closes, so that every request is a handshake. */
async function tlsReceiver(
  { key, cert }: Certificate,
  versions: { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string } = {},
): Promise<TlsReceiver> {
  const seen: TlsReceiver['seen'] = [];
  const server = createServer({ key, cert, ...versions }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      const { servername } = socket as TLSSocket & { servername: string | false | null };
      seen.push({ servername, resumed: socket.isSessionReused(), protocol: socket.getProtocol() });
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  server.on('tlsClientError', () => {});
  return { port: (await listen(server)).port, seen };
}

function sendTo(port: number, host = HOST): Promise<OutboundResult> {
  return withClient({ policy: LOOPBACK_POLICY, resolver }, (client) =>
    client.send(aRequest(`https://${host}:${port}/`, { deadlineMs: 2_000 })),
  );
}

/** Trusts a certificate as an authority for the length of a test. */
async function trusting<T>({ cert }: Certificate, run: () => Promise<T>): Promise<T> {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  try {
    return await run();
  } finally {
    setDefaultCACertificates(before);
  }
}

test('a self-signed certificate is refused and said to be one', async () => {
  const receiver = await tlsReceiver(certificate);
  expect(await sendTo(receiver.port)).toMatchObject({
    outcome: 'tls_error',
    message: 'the certificate is self-signed',
    requestSent: false,
  });
  expect(receiver.seen).toEqual([]);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch verification off', async () => {
  const receiver = await tlsReceiver(certificate);
  // In a process of its own, because a test runner's process.env is a copy that TLS never sees.
  const program = `
    import { createOutboundClient } from '@owngateway/outbound';
    const client = createOutboundClient({ policy: ${JSON.stringify(LOOPBACK_POLICY)} });
    const request = { url: 'https://127.0.0.1:${receiver.port}/', headers: {}, body: '{}', deadlineMs: 5_000 };
    console.log(JSON.stringify(await client.send(request)));
    await client.close();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'tls_error', message: 'the certificate is self-signed' });
  expect(receiver.seen).toEqual([]);
});

test('a trusted certificate for the name is accepted, and the name is sent although an address is dialled', async () => {
  const receiver = await tlsReceiver(certificate);
  const result = await trusting(certificate, () => sendTo(receiver.port));
  expect(result).toMatchObject({ kind: 'response', status: 200, body: 'ok' });
  expect(receiver.seen).toMatchObject([{ servername: HOST, resumed: false }]);
});

test.each<[string, string, Certificate]>([
  ['another name', 'the certificate is for another host name', selfSigned('other.example')],
  [
    'the past',
    'the certificate has expired or is not valid yet',
    selfSigned(HOST, { from: new Date('2020-01-01'), to: new Date('2020-02-01') }),
  ],
  [
    'the future',
    'the certificate has expired or is not valid yet',
    selfSigned(HOST, { from: new Date('2090-01-01'), to: new Date('2090-02-01') }),
  ],
])('a trusted certificate for %s is refused, again and again', async (_what, message, wrong) => {
  const receiver = await tlsReceiver(wrong);
  await trusting(wrong, () =>
    withClient({ resolver, connectionsPerOrigin: 1 }, async (client) => {
      for (let round = 0; round < 3; round += 1) {
        const result = await client.send(aRequest(`https://${HOST}:${receiver.port}/`));
        expect(result).toMatchObject({ outcome: 'tls_error', message, requestSent: false });
      }
    }),
  );
  expect(receiver.seen).toEqual([]);
});

test.each<[SecureVersion, string]>([
  ['TLSv1', 'DEFAULT@SECLEVEL=0'],
  ['TLSv1.1', 'DEFAULT@SECLEVEL=0'],
])('%s is refused', async (version, ciphers) => {
  const receiver = await tlsReceiver(certificate, { minVersion: version, maxVersion: version, ciphers });
  const result = await trusting(certificate, () => sendTo(receiver.port));
  expect(result).toMatchObject({ outcome: 'tls_error', requestSent: false });
});

test.each<SecureVersion>(['TLSv1.2', 'TLSv1.3'])('%s is spoken, and sessions are resumed', async (version) => {
  const receiver = await tlsReceiver(certificate, { minVersion: version, maxVersion: version });
  await trusting(certificate, () =>
    withClient({ resolver, connectionsPerOrigin: 1 }, async (client) => {
      for (let round = 0; round < 3; round += 1) {
        const result = await client.send(aRequest(`https://${HOST}:${receiver.port}/`));
        expect(result).toMatchObject({ kind: 'response' });
      }
    }),
  );
  expect(receiver.seen.map(({ protocol, resumed }) => [protocol, resumed])).toEqual([
    [version, false],
    [version, true],
    [version, true],
  ]);
});

test('plain HTTP where TLS is expected is a TLS error', async () => {
  const receiver = await listenRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(await sendTo(receiver.port)).toMatchObject({ outcome: 'tls_error', requestSent: false });
});

test.each([
  ['closes', 'tls_error'],
  ['hangs', 'timeout'],
])('a host that %s during the handshake is a %s', async (manner, outcome) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    if (manner === 'closes') socket.once('data', () => socket.end());
  });
  const { port } = await listen(server);
  const result = await withClient({ resolver }, (client) =>
    client.send(aRequest(`https://${HOST}:${port}/`, { deadlineMs: 150 })),
  );
  expect(result).toMatchObject({ kind: 'failure', outcome, requestSent: false });
});
