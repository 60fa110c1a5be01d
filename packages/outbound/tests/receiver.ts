import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A listener that counts what reaches it. */
export interface Receiver {
  port: number;
  /** Connections ever accepted. */
  connections(): number;
  /** Connections open now. */
  openConnections(): number;
  /** What arrived at a raw receiver, piece by piece. */
  requests: string[];
  /** Needed only to free the port early: whatever a test leaves open is closed after it. */
  close(): Promise<void>;
}

const open = new Set<Receiver>();
afterEach(async () => {
  await Promise.all([...open].map((receiver) => receiver.close()));
});

/** Opens any TCP, HTTP or TLS server on 127.0.0.1 (or another loopback address) and counts its connections. */
export async function listen(server: Server, requests: string[] = [], host = '127.0.0.1', port = 0): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.listen(port, host);
  await once(server, 'listening');
  const receiver: Receiver = {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    openConnections: () => sockets.size,
    requests,
    async close() {
      if (!open.delete(receiver)) return;
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  open.add(receiver);
  return receiver;
}

/** A receiver without manners: `behave` gets the bare socket each time that something arrives on it. */
export function listenRaw(
  behave: (socket: Socket, arrived: Buffer) => void,
  host?: string,
  port?: number,
): Promise<Receiver> {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (arrived) => {
      requests.push(arrived.toString('latin1'));
      behave(socket, arrived);
    });
  });
  return listen(server, requests, host, port);
}

/** Writes a piece again and again, as long as the other side lets it, without filling memory. */
export function writeForEver(socket: Socket, piece: string | Buffer): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

/** Writes a piece every 20 ms until the socket is gone. */
export function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => {
    if (socket.writable) socket.write(piece);
    else clearInterval(timer);
  }, 20);
  socket.on('close', () => clearInterval(timer));
}
