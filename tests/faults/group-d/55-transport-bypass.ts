import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { ServiceName } from '@owngateway/local-stack';
import { selfSigned } from '@owngateway/outbound/testing';
import type { World } from '../../e2e/open-world.ts';
import { openApi } from '../../parties/api.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount, createMerchant, subscribe } from '../../parties/onboarding.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow, Surroundings } from '../fault-row.ts';
import type { WrittenSocket } from './55-written-sockets-process.ts';
import { plantWaysOut } from './planted-ways-out.ts';

const NOTIFICATIONS = 5;
const HOOK = new URL('./55-written-sockets-process.ts', import.meta.url).href;

/** Needs no namespace: a sandbox reaches loopback only. */
export const transportBypass: FaultRow = {
  number: 55,
  group: 'D',
  fault: 'Ways around the guarded client: every socket of the running services, and ways out planted in their code',
  bar: 'sockets of anybody but the guarded client, MongoDB and Redis: 0; every planted way refused by lint',
  short: true,
  async run(surroundings) {
    const world = await surroundings.openWorld();
    const file = join(world.dataDir, 'sockets.jsonl');
    await deliverThroughWatchedServices(world, file, surroundings);
    const sockets = (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as WrittenSocket);
    const { mongo, redis } = world.stack.stores;
    const openers = sockets.map((socket) => openerOf(socket, new URL(mongo.url).port, new URL(redis.url).port));
    const count = (opener: string) => openers.filter((it) => it === opener).length;
    const unguarded = sockets.filter((_socket, index) => openers[index] === 'nobody we know');
    const { planted, passed, ours } = await plantWaysOut();
    return {
      met:
        unguarded.length === 0 &&
        // A hook that sees nothing would prove nothing.
        [count('guard'), count('mongo'), count('redis')].every((seen) => seen > 0) &&
        passed.length === 0 &&
        ours.length === 0,
      figure: [
        `${sockets.length} sockets: guarded client ${count('guard')}, MongoDB ${count('mongo')}, Redis ${count('redis')}, others ${unguarded.length}`,
        `ways out planted ${planted}, refused by lint ${planted - passed.length}, in our code ${ours.length}`,
        ...unguarded
          .slice(0, 1)
          .map(({ service, kind, to, by }) => `${service}: ${kind} to ${to} by ${by.slice(0, 4).join(' < ')}`),
        ...[...passed, ...ours].slice(0, 1),
      ].join(', '),
      figures: {
        sockets: sockets.length,
        guarded: count('guard'),
        mongo: count('mongo'),
        redis: count('redis'),
        unguarded: unguarded.length,
        ways_out_planted: planted,
        planted_ways_that_pass_lint: passed.length,
        ways_out_in_our_code: ours.length,
      },
    };
  },
};

/** Who opened a socket: by the code that did, and for the stores also by where it leads. */
function openerOf({ kind, to, by }: WrittenSocket, mongoPort: string, redisPort: string): string {
  const through = (path: string) => by.some((file) => file.includes(path));
  if (kind === 'connection' && through('/packages/outbound/src/client/guarded-connector.ts')) return 'guard';
  if (kind === 'connection' && through('/node_modules/mongodb/') && to.endsWith(`:${mongoPort}`)) return 'mongo';
  if (kind === 'connection' && through('/node_modules/ioredis/') && to.endsWith(`:${redisPort}`)) return 'redis';
  return 'nobody we know';
}

/** Registers, receives and delivers through three services that write down their sockets: answers, retries, redirects, TLS. */
async function deliverThroughWatchedServices(world: World, file: string, { onEnd }: Surroundings): Promise<void> {
  const watched = async (service: ServiceName) => {
    const own = { NODE_OPTIONS: `--import=${HOOK}`, FAULTS_SOCKETS: file, FAULTS_SERVICE: service };
    return await world.addReplica(service, own);
  };
  const [ingress, subscriptions] = [
    await watched('ingress'),
    await watched('subscriptions'),
    await watched('dispatcher'),
  ];
  await world.stack.services.dispatcher.stop();

  const token = world.stack.mintToken({ owner: { level: 'operator', id: '*' } });
  const operator = openApi(subscriptions.url, token);
  const merchant = await createMerchant(operator, subscriptions.url, 'm_sockets');
  const account = await connectAccount(operator, merchant.id, 'stripe');
  const retrying = { retry_policy: { delays_s: [1] } };
  const well = await world.receiver('well');
  await subscribe(merchant.api, well, { url: well.url.replace('127.0.0.1', 'localhost') });
  const failing = await world.receiver('failing', { kind: 'status', status: 500 });
  await subscribe(merchant.api, failing, retrying);
  const location = { status: 302, headers: { location: well.url } };
  await subscribe(merchant.api, await world.receiver('redirecting', { kind: 'status', ...location }), retrying);
  await merchant.api.post('/v1/subscriptions', { url: await encryptedUrl(onEnd), event_types: ['*'], ...retrying });

  const sender = openSender();
  const url = `${ingress.url}${new URL(account.url).pathname}`;
  await inLanes(NOTIFICATIONS, 4, (index) =>
    sender.postUntilTaken({ ...account, url }, stripePayment(`socket${index}`, account.secret)),
  );
  await eventually(
    async () => {
      const deliveries = await merchant.api.list<{ attempts_made: number }>('/v1/deliveries');
      const tried = deliveries.filter(({ attempts_made }) => attempts_made > 0);
      return tried.length === NOTIFICATIONS * 4 && failing.receipts.length > NOTIFICATIONS;
    },
    { what: 'every delivery tried, and one again', deadlineMs: 60_000, intervalMs: 250 },
  );
}

/** A receiver whose certificate nobody trusts. */
async function encryptedUrl(onEnd: Surroundings['onEnd']): Promise<string> {
  const server = createServer({ ...selfSigned('shop.example') }, (socket) => socket.destroy());
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(() => server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
