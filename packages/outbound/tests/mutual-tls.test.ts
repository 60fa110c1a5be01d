import { createServer as createHttpServer } from 'node:http';
import { createServer, type TLSSocket } from 'node:tls';
import { createTlsIdentity, type OutboundPolicy, type TlsIdentity, type TlsSettings } from '../src/index.ts';
import { type Certificate, createAuthority } from '../src/testing/index.ts';
import { aRequest, LOOPBACK_POLICY, productionPolicy, withClient } from './clients.ts';
import { listen, type Receiver } from './receiver.ts';

const HOST = 'shop.example';
const resolver = { resolve: async () => [{ address: '127.0.0.1' }] };
const serverAuthority = createAuthority('server authority');
const clientAuthority = createAuthority('client authority');
const serverCertificate = serverAuthority.issue(HOST);

function identity(owner: string, { key, cert }: Certificate, ca: string | null = serverAuthority.cert): TlsIdentity {
  return createTlsIdentity(owner, { ca, client_certificate: cert, client_key: key });
}

const withoutCertificate: TlsSettings = { ca: serverAuthority.cert, client_certificate: null, client_key: null };

/** Keeps connections open and notes, per request, who the client was and over which connection it came. */
async function tlsReceiver(maxVersion: 'TLSv1.2' | 'TLSv1.3', mutual: boolean) {
  const seen: { client: string | undefined; connection: number }[] = [];
  let connections = 0;
  const server = createServer(
    {
      ...serverCertificate,
      maxVersion,
      ...(mutual && { requestCert: true, rejectUnauthorized: true, ca: clientAuthority.cert }),
    },
    (socket: TLSSocket) => {
      connections += 1;
      const connection = connections;
      socket.on('error', () => {});
      socket.on('data', () => {
        const client: string | string[] | undefined = socket.getPeerCertificate().subject?.CN;
        seen.push({ client: typeof client === 'string' ? client : undefined, connection });
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      });
    },
  );
  server.on('tlsClientError', () => {});
  const receiver: Receiver = await listen(server);
  return { port: receiver.port, connections: receiver.connections, seen };
}

function send(port: number, tls: TlsIdentity | null, policy: OutboundPolicy = LOOPBACK_POLICY) {
  return withClient({ policy, resolver }, (client) =>
    client.send(aRequest(`https://${HOST}:${port}/`, { tls, deadlineMs: 5_000 })),
  );
}

/**
 * With TLS 1.3 the host judges the client after our side of the handshake has ended, so that its refusal may come as an
 * alert or, when it closes at once, as the end of the connection.
 */
const REFUSALS = { 'TLSv1.2': ['tls_error'], 'TLSv1.3': ['tls_error', 'connection_error'] };

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (version) => {
  test('the client shows its certificate, and the host is verified by the given authority', async () => {
    const receiver = await tlsReceiver(version, true);
    const result = await send(receiver.port, identity('sub_1', clientAuthority.issue('merchant one')));
    expect(result).toMatchObject({ kind: 'response', status: 200 });
    expect(receiver.seen).toEqual([{ client: 'merchant one', connection: 1 }]);
  });

  test('a host that asks for a certificate is not delivered to without one', async () => {
    const receiver = await tlsReceiver(version, true);
    const result = await send(receiver.port, createTlsIdentity('sub_1', withoutCertificate));
    expect(REFUSALS[version]).toContain(result.kind === 'failure' && result.outcome);
    expect(receiver.seen).toEqual([]);
  });

  test('a host that does not know the certificate’s authority is not delivered to', async () => {
    const receiver = await tlsReceiver(version, true);
    const stranger = createAuthority('another authority').issue('merchant one');
    const result = await send(receiver.port, identity('sub_1', stranger));
    expect(REFUSALS[version]).toContain(result.kind === 'failure' && result.outcome);
    expect(receiver.seen).toEqual([]);
  });
});

test('the own authority replaces the public ones, and names are still verified', async () => {
  const receiver = await tlsReceiver('TLSv1.3', false);
  const other = { ...withoutCertificate, ca: clientAuthority.cert };
  expect(await send(receiver.port, createTlsIdentity('sub_1', other))).toMatchObject({
    outcome: 'tls_error',
    message: 'the certificate chain is incomplete or from an unknown authority',
  });
  const result = await withClient({ resolver }, (client) =>
    client.send(
      aRequest(`https://another.example:${receiver.port}/`, { tls: createTlsIdentity('sub_1', withoutCertificate) }),
    ),
  );
  expect(result).toMatchObject({ outcome: 'tls_error', message: 'the certificate is for another host name' });
  expect(receiver.seen).toEqual([]);
});

test('connections are never shared between identities, nor with those who have none', async () => {
  const receiver = await tlsReceiver('TLSv1.3', true);
  const one = clientAuthority.issue('merchant one');
  const identities = [
    identity('sub_1', one),
    identity('sub_2', clientAuthority.issue('merchant two')),
    // The same certificate at another subscription is another identity, and so is a renewed one.
    identity('sub_3', one),
    identity('sub_1', clientAuthority.issue('merchant one, renewed')),
  ];
  await withClient({ resolver }, async (client) => {
    for (let round = 0; round < 2; round += 1) {
      for (const tls of identities) {
        const result = await client.send(aRequest(`https://${HOST}:${receiver.port}/`, { tls }));
        expect(result).toMatchObject({ kind: 'response' });
      }
    }
    const nobody = await client.send(aRequest(`https://${HOST}:${receiver.port}/`));
    expect(nobody).toMatchObject({ kind: 'failure' });
  });
  const names = ['merchant one', 'merchant two', 'merchant one', 'merchant one, renewed'];
  const expected = names.map((client, index) => ({ client, connection: index + 1 }));
  expect(receiver.seen).toEqual([...expected, ...expected]);
});

test('an identity that was made again of the same settings uses the same connection', async () => {
  const receiver = await tlsReceiver('TLSv1.3', true);
  const certificate = clientAuthority.issue('merchant one');
  await withClient({ resolver, connectionsPerOrigin: 1 }, async (client) => {
    for (let round = 0; round < 2; round += 1) {
      await client.send(aRequest(`https://${HOST}:${receiver.port}/`, { tls: identity('sub_1', certificate) }));
    }
  });
  expect(receiver.seen.map(({ connection }) => connection)).toEqual([1, 1]);
});

test('a client certificate opens no door: the address guard holds', async () => {
  const receiver = await tlsReceiver('TLSv1.3', true);
  const tls = identity('sub_1', clientAuthority.issue('merchant one'));
  expect(await send(receiver.port, tls, productionPolicy(receiver.port))).toMatchObject({
    outcome: 'blocked_address',
    requestSent: false,
  });
  expect(receiver.connections()).toBe(0);
});

test('plain http has no use for an identity', async () => {
  const receiver = await listen(createHttpServer((_request, response) => response.end('ok')));
  const tls = createTlsIdentity('sub_1', withoutCertificate);
  const result = await withClient({}, (client) => client.send(aRequest(`http://127.0.0.1:${receiver.port}/`, { tls })));
  expect(result).toMatchObject({ kind: 'response', body: 'ok' });
});
