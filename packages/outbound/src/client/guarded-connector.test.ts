import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createAddressGuard } from '../address/address-guard.ts';
import { createGuardedConnector } from './guarded-connector.ts';

/** The URL check refuses most of these before; this is the wall behind it, which must hold by itself. */
let server: Server;
let connections = 0;
beforeEach(async () => {
  connections = 0;
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

function open(hostname: string, protocol: string, allowedPrivateRanges: string[]): Promise<Socket | Error> {
  const address = server.address();
  const port = String(typeof address === 'object' && address ? address.port : 0);
  const opening = new Set<() => void>();
  const connect = createGuardedConnector({
    guard: createAddressGuard({ environment: 'sandbox', allowHttp: true, allowedPrivateRanges }),
    resolver: { resolve: async () => [{ address: '127.0.0.1' }] },
    opening,
  });
  return new Promise((resolve) => {
    connect({ hostname, protocol, port }, (error, socket) => {
      expect(opening.size).toBe(0);
      resolve(error ?? (socket as Socket));
    });
  });
}

test.each(['http:', 'https:'])('refuses literals and names without a connection over %s', async (protocol) => {
  for (const hostname of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', 'shop.example', 'localhost']) {
    expect(await open(hostname, protocol, [])).toMatchObject({ outcome: 'blocked_address' });
  }
  expect(connections).toBe(0);
});

test.each(['127.0.0.1', 'shop.example'])(
  'opens a socket to %s when the policy admits its address',
  async (hostname) => {
    const socket = await open(hostname, 'http:', ['127.0.0.0/8']);
    expect(socket).toMatchObject({ remoteAddress: '127.0.0.1' });
    (socket as Socket).destroy();
  },
);
