import { createServer, type Socket } from 'node:net';
import { eventually } from '../parties/eventually.ts';

/** One request that a hostile receiver got, whole. */
export interface HostileRequest {
  /** `webhook-id` */
  eventId: string;
  /** `X-Delivery-Attempt` */
  attempt: number;
  body: string;
  atMs: number;
  /** When its connection ended, by whomever; null while it stands. */
  closedAtMs: number | null;
}

/** What it does to a bare socket on which a whole request has come, instead of answering as HTTP says. */
export type Behaviour = (socket: Socket, request: HostileRequest) => void;

/** A receiver without manners, which still writes everything down. */
export interface HostileReceiver {
  readonly name: string;
  readonly url: string;
  readonly requests: readonly HostileRequest[];
  /** Connections ever accepted. */
  connections(): number;
  openConnections(): number;
  /** Resolves when nobody holds a connection to it. */
  untilLeft(deadlineMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface HostileOptions {
  /** Done when a connection is accepted; `true` says that requests on it are not even read. */
  greet?: (socket: Socket) => boolean;
}

/** Listens on 127.0.0.1, on a port of its own. */
export async function openHostileReceiver(
  name: string,
  behave: Behaviour,
  { greet }: HostileOptions = {},
): Promise<HostileReceiver> {
  const requests: HostileRequest[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    // Whatever is done to it: that is what it is there for.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (greet?.(socket) === true) return;
    const ofSocket: HostileRequest[] = [];
    socket.once('close', () => {
      for (const request of ofSocket) request.closedAtMs = performance.now();
    });
    onRequests(socket, (head, body) => {
      const request = { ...readHead(head), body, atMs: performance.now(), closedAtMs: null as number | null };
      requests.push(request);
      ofSocket.push(request);
      behave(socket, request);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    name,
    url: `http://127.0.0.1:${port}/${name}`,
    requests,
    connections: () => accepted,
    openConnections: () => sockets.size,
    async untilLeft(deadlineMs = 30_000) {
      await eventually(() => sockets.size === 0, { what: `every connection to ${name} closed`, deadlineMs });
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls back for each whole request, by its `content-length`. */
function onRequests(socket: Socket, take: (head: string, body: string) => void): void {
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const headEnd = buffered.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = buffered.subarray(0, headEnd).toString('latin1');
      const end = headEnd + 4 + Number(field(head, 'content-length'));
      if (buffered.length < end) return;
      const body = buffered.subarray(headEnd + 4, end).toString('utf8');
      buffered = buffered.subarray(end);
      take(head, body);
    }
  });
}

function readHead(head: string): Pick<HostileRequest, 'eventId' | 'attempt'> {
  return { eventId: field(head, 'webhook-id'), attempt: Number(field(head, 'x-delivery-attempt')) };
}

function field(head: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
}
