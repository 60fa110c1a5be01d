import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createAdmission } from './admission.ts';
import { MAX_HEADERS } from './refused-head.ts';
import { MAX_HEAD_BYTES, unreadableRequestText } from './unreadable-request.ts';

/** A server that listens. */
export interface Listening {
  server: Server;
  port: number;
  /** `http://127.0.0.1:<port>` for callers on this machine. */
  url: string;
  /** Tells those who go on that their connection ends, then takes no new ones and waits for the requests in flight. */
  close(): Promise<void>;
  /** Cuts what is still open. */
  closeNow(): void;
}

const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer keeps an idle connection (60 s is usual), so that it never reuses one we just closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** A connection on which a request or an answer is stuck; above all, whose client does not read what it is told. */
const STUCK_TIMEOUT_MS = 15_000;
/** How often Node looks for requests that take too long; its default of 30 s would make the limits above loose. */
const CHECKING_INTERVAL_MS = 2000;

/**
 * Connections that the system holds until they are accepted; Linux allows 4,096. With Node's 511 some of a thousand connectors
 * that come at once (after an outage) waited for more than 10 s: what finds no place is tried again later and later.
 */
const BACKLOG = 4_096;

export interface ListenOptions {
  port: number;
  host?: string | undefined;
  /** Connections at a time; further ones are closed at once. Unbounded unless given. */
  maxConnections?: number;
  /** Hears of every connection that was one too many. */
  onDrop?: () => void;
}

/** Listens on a port (0: any free one), on all addresses unless `host` is given. Rejects if it cannot. */
export function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  let closing = false;
  const admission = createAdmission();
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
      // Said here, so that no NODE_OPTIONS loosen them.
      maxHeaderSize: MAX_HEAD_BYTES,
      insecureHTTPParser: false,
      // `refusedHead` looks for it.
      requireHostHeader: false,
    },
    (request, response) => {
      if (!admission.admit(request, response)) return;
      if (closing) response.setHeader('Connection', 'close');
      handler(request, response);
    },
  );
  server.timeout = STUCK_TIMEOUT_MS;
  // Node drops what exceeds it in silence and would hold 2,000 for each unfinished head; one more shows that there were more.
  server.maxHeadersCount = MAX_HEADERS + 1;
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  server.on('drop', () => options.onDrop?.());
  // What Node would do, with a problem document for its empty body.
  server.on('clientError', (fault, socket) => {
    if (admission.canBeTold(socket)) socket.write(unreadableRequestText(fault));
    socket.destroy(fault);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, BACKLOG, () => {
      server.off('error', reject);
      const { port } = server.address() as AddressInfo;
      resolve({
        server,
        port,
        url: `http://127.0.0.1:${port}`,
        close: async () => {
          closing = true;
          await lastAnswers(server);
          await closeServer(server);
        },
        closeNow: () => server.closeAllConnections(),
      });
    });
  });
}

const IDLE_SWEEP_MS = 50;
const LAST_ANSWERS_MS = 500;

/**
 * A connection that looks idle may have a request on its way, which closing would lose. Whoever uses theirs is first told with an
 * answer that it ends (RFC 9112, section 9.6); only those who did not are closed unasked.
 */
async function lastAnswers(server: Server): Promise<void> {
  const count = await new Promise<number>((resolve) => server.getConnections((_error, open = 0) => resolve(open)));
  if (count > 0) await pause(LAST_ANSWERS_MS);
}

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
