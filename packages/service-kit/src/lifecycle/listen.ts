import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens. */
export interface Listening {
  server: Server;
  port: number;
  /** `http://127.0.0.1:<port>` for callers on this machine. */
  url: string;
  /** Takes no new connections and waits for the requests in flight. */
  close(): Promise<void>;
  /** Cuts what is still open. */
  closeNow(): void;
}

const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer keeps an idle connection (60 s is usual), so that it never reuses one we just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often Node looks for requests that take too long; its default of 30 s would make the limits above loose. */
const CHECKING_INTERVAL_MS = 2000;

/** Listens on a port (0: any free one), on all addresses unless `host` is given. Rejects if it cannot. */
export function listen(
  handler: RequestListener,
  options: { port: number; host?: string | undefined },
): Promise<Listening> {
  let closing = false;
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    },
    (request, response) => {
      if (closing) response.setHeader('Connection', 'close');
      handler(request, response);
    },
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      resolve({
        server,
        port,
        url: `http://127.0.0.1:${port}`,
        close: () => {
          closing = true;
          return closeServer(server);
        },
        closeNow: () => server.closeAllConnections(),
      });
    });
  });
}

const IDLE_SWEEP_MS = 50;

/**
 * Node closes the connections that are idle at this moment, but leaves those open that become idle later, until their
 * keep-alive ends: a stop would always wait out the whole grace. So they are looked for again.
 */
function closeServer(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
