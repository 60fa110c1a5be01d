import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A load balancer of connections: what the gateway's callers know is its address alone. */
export interface Balancer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** New connections go to these in turn (`http://...`, `redis://...`); those that there are stay as they are. */
  use(targets: readonly string[]): void;
  /** Ends every connection: those who had one must come again. */
  cut(): void;
  close(): void;
}

/** Listens on a free port of 127.0.0.1. Without a target a connection is closed at once. */
export async function openBalancer(first: readonly string[]): Promise<Balancer> {
  let targets = first.map((target) => new URL(target));
  let turn = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const target = targets[turn % targets.length];
    turn += 1;
    if (target === undefined) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use(next) {
      targets = next.map((target) => new URL(target));
    },
    cut,
    close() {
      server.close();
      cut();
    },
  };
}
