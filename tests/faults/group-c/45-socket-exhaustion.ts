import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount } from '../../parties/onboarding.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { startNameServer } from '../dns-server.ts';
import type { FaultRow } from '../fault-row.ts';
import { openOwnStore, subscribeDirectly } from '../own-store.ts';
import { openPatientReceiver } from '../patient-receiver.ts';
import { noProcessFigures, openSockets } from '../process-figures.ts';

const MERCHANT = 'm_sockets';
/** Origins whose idle connections are kept (docs/architecture.md), and what may be in flight beside them. */
const KEPT_ORIGINS = 1_000;
const IN_FLIGHT = 200;
/** Connections that are being closed while others are opened. */
const CLOSING = 50;
/** A name that a busy machine is slow to look up rests for 2 s (ADR 0016), and is then tried again. */
const RETRIES_AFTER_S = [3, 5, 10];
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
    const receiver = await openPatientReceiver(onEnd);
    const world = await openWorld({ DNS_SERVERS: names.address, DELIVERY_CONCURRENCY: String(IN_FLIGHT) });
    await world.merchant(MERCHANT);
    const account = await connectAccount(world.operator, MERCHANT, 'stripe');
    const store = await openOwnStore(world, onEnd);
    await inLanes(hosts, 32, (index) =>
      subscribeDirectly(store, MERCHANT, `http://h${index}.sockets.faults.example:${receiver.port}/`, RETRIES_AFTER_S),
    );

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
