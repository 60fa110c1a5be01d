import type { ServerOptions } from 'node:https';
import { createAuthority, selfSigned } from '@owngateway/outbound/testing';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount } from '../../parties/onboarding.ts';
import type { DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { openSender } from '../../parties/sender.ts';
import { spawnService } from '../../parties/service-process.ts';
import { startNameServer } from '../dns-server.ts';
import type { FaultRow, Surroundings } from '../fault-row.ts';
import { openTlsReceiver, type TlsReceiver } from './tls-receiver.ts';

const DOMAIN = 'tls.faults.example';
const PAST = { from: new Date('2020-01-01'), to: new Date('2020-02-01') };
const UNVERIFIED = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };

/** What the host says of itself, what the subscription says of it, and what must come of that. */
interface Case {
  name: string;
  server: ServerOptions;
  tls: object | null;
  /** Null: delivered. With TLS 1.3 a host may refuse a client by closing, which then is no handshake any more. */
  refusedAs: readonly string[] | null;
}

const TLS_ERROR = ['tls_error'];
const TLS_ERROR_OR_END = ['tls_error', 'connection_error'];

function casesOf(): Case[] {
  const authority = createAuthority('receivers’ authority');
  const clients = createAuthority('clients’ authority');
  const own = { ca: authority.cert };
  const client = clients.issue('gateway');
  const stranger = createAuthority('another authority').issue('gateway');
  const identity = { ...own, client_certificate: client.cert, client_key: client.key };
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: clients.cert };
  const certificate = (name: string) => authority.issue(`${name}.${DOMAIN}`);
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const only12 = { maxVersion: 'TLSv1.2' } as const;
  return [
    { name: 'own-authority', server: certificate('own-authority'), tls: own, refusedAs: null },
    { name: 'mutual', server: { ...certificate('mutual'), ...mutual }, tls: identity, refusedAs: null },
    {
      name: 'mutual-12',
      server: { ...certificate('mutual-12'), ...mutual, ...only12 },
      tls: identity,
      refusedAs: null,
    },
    { name: 'unknown-authority', server: certificate('unknown-authority'), tls: null, refusedAs: TLS_ERROR },
    { name: 'expired', server: authority.issue(`expired.${DOMAIN}`, PAST), tls: own, refusedAs: TLS_ERROR },
    { name: 'wrong-name', server: certificate('another-name'), tls: own, refusedAs: TLS_ERROR },
    { name: 'self-signed', server: selfSigned(`self-signed.${DOMAIN}`), tls: null, refusedAs: TLS_ERROR },
    { name: 'self-signed-own', server: selfSigned(`self-signed-own.${DOMAIN}`), tls: own, refusedAs: TLS_ERROR },
    { name: 'tls-11', server: { ...certificate('tls-11'), ...old }, tls: own, refusedAs: TLS_ERROR },
    { name: 'no-client', server: { ...certificate('no-client'), ...mutual }, tls: own, refusedAs: TLS_ERROR_OR_END },
    {
      name: 'no-client-12',
      server: { ...certificate('no-client-12'), ...mutual, ...only12 },
      tls: own,
      refusedAs: TLS_ERROR,
    },
    {
      name: 'strange-client',
      server: { ...certificate('strange-client'), ...mutual },
      tls: { ...own, client_certificate: stranger.cert, client_key: stranger.key },
      refusedAs: TLS_ERROR_OR_END,
    },
  ];
}

/** Every host whose TLS is not as it must be, to a dispatcher that was even told not to verify. */
export const tlsFailures: FaultRow = {
  number: 46,
  group: 'C',
  fault:
    'expired, misnamed, self-signed, unknown, TLS 1.1, no or wrong client certificate; NODE_TLS_REJECT_UNAUTHORIZED=0',
  bar: 'refused with tls_error, 0 requests came through; with its own authority and client certificate delivered; no start in production',
  short: true,
  async run(surroundings) {
    const { onEnd, openWorld } = surroundings;
    const names = await startNameServer(() => ({ a: ['127.0.0.1'] }));
    onEnd(() => names.close());
    const world = await openWorld({ DNS_SERVERS: names.address });
    await world.addReplica('dispatcher', UNVERIFIED);
    await world.stack.services.dispatcher.stop();

    const { api } = await world.merchant('m_tls');
    const account = await connectAccount(world.operator, 'm_tls', 'stripe');
    const opened = await Promise.all(casesOf().map((the) => openCase(the, api.post, surroundings)));
    const ofSubscription = new Map(opened.map((one) => [one.subscriptionId, one]));
    await openSender().postUntilTaken(account, stripePayment('tls', account.secret));
    const ended = await eventually(
      async () => {
        const list = await api.list<DeliveryBody>('/v1/deliveries');
        const isOver = list.every(({ status }) => status === 'delivered' || status === 'failed');
        return list.length === opened.length && isOver && list;
      },
      { what: 'the end of every delivery', deadlineMs: 60_000, intervalMs: 250 },
    );

    const faults: string[] = [];
    for (const { id, subscription_id } of ended) {
      const one = ofSubscription.get(subscription_id ?? '');
      if (one === undefined) continue;
      faults.push(...faultsOf(one, await api.get<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`)));
    }
    const refused = opened.filter(({ the }) => the.refusedAs !== null);
    const cameThrough = refused.reduce((sum, { receiver }) => sum + receiver.requests(), 0);
    const production = spawnService('dispatcher', {
      ...world.stack.settings,
      ENVIRONMENT: 'production',
      ...UNVERIFIED,
    });
    onEnd(() => production.kill('SIGKILL'));
    const refusedStart = (await production.ended) === 1 && production.output().includes('NODE_TLS_REJECT_UNAUTHORIZED');
    if (!refusedStart) faults.push('started in production without verification');
    return {
      met: faults.length === 0 && cameThrough === 0,
      figure: [
        `${refused.length} refused, ${cameThrough} requests came through; ${opened.length - refused.length} delivered`,
        `start in production ${refusedStart ? 'refused' : 'not refused'}`,
        ...(faults.length > 0 ? [`${faults.length} faults, first: ${faults[0]}`] : []),
      ].join(', '),
      figures: {
        refused: refused.length,
        came_through: cameThrough,
        start_refused: refusedStart,
        faults: faults.length,
      },
    };
  },
};

interface OpenCase {
  the: Case;
  receiver: TlsReceiver;
  subscriptionId: string;
}

function faultsOf({ the, receiver }: OpenCase, { status, attempts }: DeliveryWithAttemptsBody): string[] {
  const outcomes = attempts.map(({ outcome }) => outcome);
  const asWanted =
    the.refusedAs === null
      ? status === 'delivered' && receiver.requests() === 1
      : outcomes.every((outcome) => the.refusedAs?.includes(outcome));
  // What a merchant reads of a failure names the cause, never an address.
  const text = JSON.stringify(attempts.map(({ failure }) => failure));
  return [
    ...(asWanted ? [] : [`${the.name}: ${outcomes.join(', ')}`]),
    ...(/\d+\.\d+\.\d+|ERR_|::/.test(text) ? [`${the.name}: ${text}`] : []),
  ];
}

async function openCase(
  the: Case,
  post: <Body>(path: string, body?: object) => Promise<Body>,
  { onEnd }: Pick<Surroundings, 'onEnd'>,
): Promise<OpenCase> {
  const receiver = await openTlsReceiver(the.server);
  onEnd(() => receiver.close());
  const { id } = await post<{ id: string }>('/v1/subscriptions', {
    url: `https://${the.name}.${DOMAIN}:${receiver.port}/`,
    event_types: ['*'],
    retry_policy: { delays_s: [1] },
    tls: the.tls,
  });
  return { the, receiver, subscriptionId: id };
}
