import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers at once, with 200 unless told otherwise. Either never closes a connection, without a hint that it would, or after every answer. */
export async function openPatientReceiver(onEnd: (end: () => unknown) => void, { closes = false, status = 200 } = {}) {
  let requests = 0;
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    requests += 1;
    response.statusCode = status;
    if (closes) response.setHeader('connection', 'close');
    request.resume().once('end', () => response.end('ok'));
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => {
      connections -= 1;
    });
  });
  server.listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    connections: () => connections,
  };
}
