import { isIP, type LookupFunction, connect as openTcp, type Socket } from 'node:net';
import { connect as openTls } from 'node:tls';
import type { buildConnector } from 'undici';
import type { AddressGuard } from '../address/address-guard.ts';
import type { Resolver } from '../resolver/resolver.ts';
import { vettedAddresses } from '../resolver/vetted-addresses.ts';
import type { TlsIdentity } from '../tls/tls-identity.ts';
import { connectFailure, FAILURE_TEXT, OutboundFailure } from './failure.ts';

/** For name system, TCP and TLS together. The request's own deadline usually ends the wait before this does. */
const CONNECT_TIMEOUT_MS = 10_000;

/** RFC 8305's connection attempt delay: the next address is tried when one has not answered for this long. */
const NEXT_ADDRESS_AFTER_MS = 250;

/** TCP probes find peers that vanished while a connection was idle. */
const TCP_PROBE_AFTER_MS = 60_000;

export interface GuardedConnectorOptions {
  guard: AddressGuard;
  resolver: Resolver;
  /** Whatever is being opened puts its end here meanwhile, so that closing the client leaves no timer and no socket. */
  opening: Set<(cause: OutboundFailure) => void>;
  /** Own authorities and client certificate of all connections of this connector. */
  tls?: TlsIdentity | null;
}

/**
 * Opens the sockets of one origin. This is the guard that counts: it vets the literal address (Node calls no lookup for
 * those) or every answer of the name system, and hands exactly those addresses to the socket, so nothing can change
 * between the check and the connection. TLS keeps the host's name for SNI and the certificate.
 */
export function createGuardedConnector({
  guard,
  resolver,
  opening,
  tls,
}: GuardedConnectorOptions): buildConnector.connector {
  let session: Buffer | undefined;

  function open(target: Target, onOpen: () => void): Socket {
    if (target.protocol !== 'https:') return openTcp(target.socketOptions).once('connect', onOpen);
    const socket = openTls({
      ...target.socketOptions,
      ...(isIP(target.hostname) === 0 && { servername: target.hostname }),
      // Said aloud because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch verification off.
      rejectUnauthorized: true,
      // An identity brings both of these along in its context.
      ...(tls ? { secureContext: tls.secureContext } : { minVersion: 'TLSv1.2' }),
      ALPNProtocols: ['http/1.1'],
      ...(session && { session }),
    });
    // A resumed session skips the check of the host's name, so only one that has passed it is kept.
    socket.on('session', (fresh) => {
      if (socket.authorized) session = fresh;
    });
    return socket.once('secureConnect', onOpen);
  }

  return (options, callback) => {
    let settled = false;
    let tcpStands = false;
    let socket: Socket | undefined;

    const fail = (cause: unknown): void => {
      if (!settle()) return;
      callback(connectFailure(cause, tcpStands), null);
      socket?.destroy();
    };
    const timer = setTimeout(fail, CONNECT_TIMEOUT_MS, new OutboundFailure('timeout', FAILURE_TEXT.connectTimeout));
    opening.add(fail);

    function settle(): boolean {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      opening.delete(fail);
      return true;
    }

    admittedAddresses(options.hostname, guard, resolver).then((addresses) => {
      if (settled) return;
      const started = open(targetOf(options, addresses), () => {
        if (settle()) callback(null, started);
      });
      socket = started;
      started.setNoDelay(true).setKeepAlive(true, TCP_PROBE_AFTER_MS);
      started.once('connect', () => {
        tcpStands = true;
      });
      started.on('error', fail).once('close', () => fail(new Error('closed while opening')));
    }, fail);
  };
}

interface Target {
  protocol: string;
  hostname: string;
  socketOptions: {
    host: string;
    port: number;
    lookup: LookupFunction;
    autoSelectFamily: boolean;
    autoSelectFamilyAttemptTimeout: number;
  };
}

function targetOf(options: buildConnector.Options, addresses: readonly string[]): Target {
  const { hostname, protocol, port } = options;
  return {
    protocol,
    hostname,
    socketOptions: {
      host: hostname,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      lookup: answerWith(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    },
  };
}

/** A lookup that knows nothing but the vetted addresses. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = answers;
    if (options.all) callback(null, answers);
    else if (first) callback(null, first.address, first.family);
  };
}

/** Fails with an OutboundFailure unless the literal or every answer for the name is admitted. */
async function admittedAddresses(
  hostname: string,
  guard: AddressGuard,
  resolver: Resolver,
): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) {
    if (guard.admits(hostname)) return [hostname];
    throw new OutboundFailure('blocked_address', FAILURE_TEXT.blocked);
  }
  const found = await vettedAddresses(hostname, resolver, guard);
  switch (found.kind) {
    case 'vetted':
      return found.addresses;
    case 'forbidden':
      throw new OutboundFailure('blocked_address', FAILURE_TEXT.blocked);
    case 'unresolved':
      throw new OutboundFailure('dns_error', FAILURE_TEXT.unresolved);
  }
}
