import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a service and a store, so that a test can take the store away. */
export interface InterruptibleProxy {
  /** The store's URL, by way of this proxy. */
  url: string;
  /** Ends every connection and refuses new ones. */
  interrupt(): void;
  /** Leaves every connection open and carries nothing any more, on new ones neither. */
  freeze(): void;
  /** Takes new connections; what was frozen is ended. */
  resume(): void;
  close(): Promise<void>;
}

export async function startProxy(storeUrl: string): Promise<InterruptibleProxy> {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  let isInterrupted = false;
  let isFrozen = false;
  const server = createServer((incoming) => {
    if (isInterrupted) {
      incoming.destroy();
      return;
    }
    if (isFrozen) {
      sockets.add(incoming);
      incoming.on('error', () => incoming.destroy());
      return;
    }
    const outgoing = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    url: url.href,
    interrupt() {
      isInterrupted = true;
      cut();
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    resume() {
      isInterrupted = false;
      if (isFrozen) cut();
      isFrozen = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
