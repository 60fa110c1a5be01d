import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { addressOfBytes, bytesOfAddress } from '../../../../packages/outbound/tests/corpus/address-bytes.ts';

/** A TCP connection that somebody made: a fact, whatever was sent over it (invariant I6). */
export interface Connection {
  /** The address that was dialled, in its usual spelling. */
  readonly address: string;
  readonly port: number;
}

/** A request that arrived somewhere. */
export interface Arrival extends Connection {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered; the connection is closed after it, so that every request needs one. */
export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** Listeners on every address of the namespace. */
export interface Everywhere {
  readonly connections: readonly Connection[];
  readonly arrivals: readonly Arrival[];
  close(): Promise<void>;
}

export interface EverywhereOptions {
  httpPorts: readonly number[];
  httpsPorts?: readonly number[];
  /** PEM; needed for `httpsPorts`. */
  certificate?: { key: string; cert: string };
  /** Default: 200 and `ok`. */
  answerTo?: (arrival: Arrival) => Answer;
}

/** Listens on these ports of all addresses and writes down every connection before anything else happens on it. */
export async function listenEverywhere(options: EverywhereOptions): Promise<Everywhere> {
  const { httpPorts, httpsPorts = [], certificate, answerTo = thankYou } = options;
  const connections: Connection[] = [];
  const arrivals: Arrival[] = [];
  const sockets = new Set<Socket>();
  const servers: Server[] = [];

  const take: RequestListener = (request, response) => {
    void arrivalOf(request).then((arrival) => {
      arrivals.push(arrival);
      const { status, headers, body = '' } = answerTo(arrival);
      response.writeHead(status, { ...headers, connection: 'close' }).end(body);
    });
  };
  async function open(server: Server, port: number): Promise<void> {
    server.on('connection', (socket: Socket) => {
      connections.push(dialledBy(socket));
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    });
    server.on('tlsClientError', () => {});
    servers.push(server);
    server.listen(port, '::');
    await once(server, 'listening');
  }
  for (const port of httpPorts) await open(createHttpServer(take), port);
  for (const port of httpsPorts) await open(createHttpsServer({ ...certificate }, take), port);

  return {
    connections,
    arrivals,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => once(server.close(), 'close')));
    },
  };
}

function thankYou(): Answer {
  return { status: 200, body: 'ok' };
}

function dialledBy(socket: Socket): Connection {
  const bytes = bytesOfAddress(socket.localAddress ?? '::');
  // A listener on all addresses sees IPv4 as IPv4-mapped.
  const isV4 = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
  return { address: addressOfBytes(isV4 ? bytes.slice(12) : bytes), port: socket.localPort ?? 0 };
}

async function arrivalOf(request: IncomingMessage): Promise<Arrival> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    ...dialledBy(request.socket),
    method: request.method ?? '',
    path: request.url ?? '',
    host: request.headers.host ?? '',
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
