import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@owngateway/domain';
import type { Store } from '@owngateway/store';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount } from '../../parties/onboarding.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { startNameServer } from '../dns-server.ts';
import type { FaultRow, Surroundings } from '../fault-row.ts';
import { openOwnStore } from '../own-store.ts';
import { noProcessFigures, openSockets } from '../process-figures.ts';

const MERCHANT = 'm_sockets';
/** Origins whose idle connections are kept (docs/architecture.md), and what may be in flight beside them. */
const KEPT_ORIGINS = 1_000;
const IN_FLIGHT = 200;
/** Connections that are being closed while others are opened. */
const CLOSING = 50;
/** Idle connections close after 4 s; a busy machine is late. */
const IDLE_WITHIN_MS = 20_000;

/** One event for thousands of hosts, each with a name of its own and none of which ever closes a connection. */
export const socketExhaustion: FaultRow = {
  number: 45,
  group: 'C',
  fault: 'one event for 5,000 distinct hosts (300 in the short form) that never close a connection',
  bar: `sockets at most ${KEPT_ORIGINS} + ${IN_FLIGHT} in flight + ${CLOSING}, none left once idle, all delivered`,
  short: true,
  obstacle: noProcessFigures,
  async run(surroundings) {
    const { short, onEnd, openWorld } = surroundings;
    const hosts = short ? 300 : 5_000;
    const names = await startNameServer(() => ({ a: ['127.0.0.1'] }));
    onEnd(() => names.close());
    const receiver = await openPatientReceiver(surroundings);
    const world = await openWorld({ DNS_SERVERS: names.address, DELIVERY_CONCURRENCY: String(IN_FLIGHT) });
    await world.merchant(MERCHANT);
    const account = await connectAccount(world.operator, MERCHANT, 'stripe');
    await subscribeHosts(await openOwnStore(world, onEnd), hosts, receiver.port);

    const pid = world.stack.pids().dispatcher ?? 0;
    const before = await openSockets(pid);
    let peak = 0;
    const watching = setInterval(() => {
      void openSockets(pid).then((now) => {
        peak = Math.max(peak, now - before);
      }, console.error);
    }, 500);
    onEnd(() => clearInterval(watching));
    await openSender().postUntilTaken(account, stripePayment('sockets', account.secret));
    await eventually(() => receiver.requests() >= hosts, {
      what: `${hosts} requests`,
      deadlineMs: 120_000,
      intervalMs: 100,
    });
    // The stores' connections come and go by a few; those to receivers are gone when the receiver says so.
    const left = await eventually(() => receiver.connections() === 0 && 0, {
      what: 'no connection',
      deadlineMs: IDLE_WITHIN_MS,
      intervalMs: 200,
    }).catch(() => receiver.connections());
    clearInterval(watching);
    const after = await openSockets(pid);
    const isSame = world.stack.pids().dispatcher === pid;
    const requests = receiver.requests();
    return {
      met: left === 0 && peak <= KEPT_ORIGINS + IN_FLIGHT + CLOSING && requests === hosts && isSame,
      figure: `${hosts} hosts, ${requests} requests, ${peak} sockets at the peak, ${left} left; ${before} before, ${after} after`,
      figures: { hosts, requests, peak_sockets: peak, left, sockets_before: before, sockets_after: after },
    };
  },
};

/** Answers at once, never closes and gives no hint when it would. */
async function openPatientReceiver({ onEnd }: Pick<Surroundings, 'onEnd'>) {
  let requests = 0;
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    requests += 1;
    request.resume().once('end', () => response.end('ok'));
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => {
      connections -= 1;
    });
  });
  server.listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    connections: () => connections,
  };
}

async function subscribeHosts(store: Store, hosts: number, port: number): Promise<void> {
  const now = new Date();
  const value = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  await inLanes(hosts, 32, async (index) => {
    await store.subscriptions.create({
      _id: newId('sub'),
      owner: { level: 'merchant', id: MERCHANT },
      owner_key: `merchant:${MERCHANT}`,
      url: `http://h${index}.sockets.faults.example:${port}/`,
      description: null,
      event_types: ['*'],
      status: 'enabled',
      status_reason: null,
      authentication: { type: 'none' },
      headers: {},
      tls: null,
      signing: { scheme: 'hmac-sha256', secrets: [{ value, created_at: now, expires_at: null }] },
      event_style: 'snake_case',
      success: '2xx',
      retry_policy: { delays_s: [1] },
      max_in_flight: 20,
      rate_limit_per_s: null,
      timeout_ms: 15_000,
      auto_disable: null,
      created_at: now,
      updated_at: now,
    });
  });
}
