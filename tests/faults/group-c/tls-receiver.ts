import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A receiver behind TLS that counts the requests which came through. */
export interface TlsReceiver {
  readonly port: number;
  requests(): number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and answers 200 to whoever gets through the handshake. */
export async function openTlsReceiver(options: ServerOptions): Promise<TlsReceiver> {
  let requests = 0;
  const server = createServer(options, (request, response) => {
    requests += 1;
    request.resume().once('end', () => response.end('ok'));
  });
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
