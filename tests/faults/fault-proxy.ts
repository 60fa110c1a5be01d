import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What the proxy does to what goes through it. */
export interface ProxyFault {
  /** Every piece waits this long, each way; the order stays. */
  delayMs?: number;
  /** What the server says is thrown away: commands arrive, and their answers never do. */
  dropReplies?: boolean;
}

/** Stands between a service and a store and spoils what goes through. */
export interface FaultProxy {
  /** The store's URL, by way of this proxy. */
  readonly url: string;
  /** From now on, on connections that there are and on new ones. */
  spoil(fault: ProxyFault): void;
  /** Ends every connection; new ones are taken. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server of this URL, on a free port of 127.0.0.1. */
export async function startFaultProxy(storeUrl: string): Promise<FaultProxy> {
  const target = new URL(storeUrl);
  const sockets = new Set<Socket>();
  let fault: ProxyFault = {};

  const carry = (from: Socket, to: Socket, isReply: boolean): void => {
    let last = Promise.resolve();
    from.on('data', (part) => {
      if (isReply && fault.dropReplies === true) return;
      const until = performance.now() + (fault.delayMs ?? 0);
      last = last.then(async () => {
        const restMs = until - performance.now();
        if (restMs > 0) await pause(restMs);
        if (!to.destroyed) to.write(part);
      });
    });
    from.on('end', () => void last.then(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };

  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    sockets.add(incoming).add(outgoing);
    carry(incoming, outgoing, false);
    carry(outgoing, incoming, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(storeUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    spoil: (next) => {
      fault = next;
    },
    cut,
    async close() {
      server.close();
      cut();
    },
  };
}
