import { createAddressGuard } from '../address/address-guard.ts';
import type { OutboundPolicy } from '../policy.ts';
import { createNameSystem } from '../resolver/name-system.ts';
import type { Resolver } from '../resolver/resolver.ts';
import { Exchange } from './exchange.ts';
import { FAILURE_TEXT, type FailureOutcome, OutboundFailure } from './failure.ts';
import { createOriginPools } from './origin-pools.ts';
import type { OutboundClient, OutboundRequest, OutboundResult } from './outbound-client.ts';
import { createRequestTargets } from './request-target.ts';

export interface OutboundClientOptions {
  policy: OutboundPolicy;
  /** Connections, and so requests at a time, per origin; more requests wait for one. Default 20. */
  connectionsPerOrigin?: number;
  /** Origins whose connections are kept. Default 1,000. */
  maxOrigins?: number;
  /** Connections in all, idle ones included; the longest unused are closed for new ones. Default 2,000. */
  maxConnections?: number;
  /** Name servers as `address` or `address:port`; those of the machine when absent. */
  nameServers?: readonly string[] | undefined;
  /** Asked instead of the name system, bounded and cached all the same. It is closed with the client. */
  resolver?: Resolver;
  /** Monotonic milliseconds. Default `performance.now`. */
  clock?: () => number;
}

/** Headers that frame the request or choose its receiver: they follow from URL and body, nobody sets them. */
const RESERVED_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'expect',
]);

/**
 * The guarded way out: checks the URL, checks the address in the connecting socket, and bounds time, connections and
 * bytes. It knows no proxy, no redirect, no decompression and no second try.
 *
 * Throws a TypeError when the policy's private ranges are no CIDR blocks.
 */
export function createOutboundClient(options: OutboundClientOptions): OutboundClient {
  const { policy, connectionsPerOrigin = 20, maxOrigins = 1_000, maxConnections = 2_000 } = options;
  const guard = createAddressGuard(policy);
  const { nameServers, resolver: given, clock = () => performance.now() } = options;
  const resolver = createNameSystem({ policy, nameServers, resolver: given, clock });
  const opening = new Set<(cause: OutboundFailure) => void>();
  const limits = { connectionsPerOrigin, maxOrigins, maxConnections };
  const pools = createOriginPools({ guard, resolver, opening, ...limits, nowMs: clock });
  const targetOf = createRequestTargets(policy, guard);
  let inFlight = 0;
  let closed = false;

  function send(request: OutboundRequest): Promise<OutboundResult> {
    if (closed || request.signal?.aborted) return notSent('connection_error', FAILURE_TEXT.cancelled);
    const target = targetOf(request.url);
    if (target === null) return notSent('blocked_address', FAILURE_TEXT.badUrl);
    if (hasReservedHeader(request.headers)) return notSent('connection_error', FAILURE_TEXT.badRequest);

    const origin = pools.use(target.origin, request.tls);
    const exchange = new Exchange(request, clock, () => {
      inFlight -= 1;
      origin.inFlight -= 1;
    });
    inFlight += 1;
    origin.inFlight += 1;
    origin.pool.dispatch(
      { path: target.path, method: request.method ?? 'POST', headers: request.headers, body: request.body },
      exchange,
    );
    return exchange.result;
  }

  async function close(): Promise<void> {
    closed = true;
    const destroyed = pools.destroy();
    // Pools end their requests and sockets, but not the connections that are still being opened for them.
    const cause = new OutboundFailure('connection_error', FAILURE_TEXT.cancelled);
    for (const end of opening) end(cause);
    resolver.close?.();
    await destroyed;
  }

  return { send, close, inFlight: () => inFlight };
}

function notSent(outcome: FailureOutcome, message: string): Promise<OutboundResult> {
  return Promise.resolve({ kind: 'failure', outcome, message, requestSent: false, answer: null, durationMs: 0 });
}

function hasReservedHeader(headers: Record<string, string>): boolean {
  for (const name of Object.keys(headers)) {
    if (RESERVED_HEADERS.has(name.toLowerCase())) return true;
  }
  return false;
}
