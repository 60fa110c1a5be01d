// Row 58, inside the namespace: what a merchant of a production gateway can learn about addresses that it must not reach.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@owngateway/local-stack';
import { ApiError } from '../../parties/api.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { AttemptBody, DeliveryBody, DeliveryWithAttemptsBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { NameAnswer } from '../dns-server.ts';
import { openGatewayInside, SHOP_ADDRESS } from './namespace/gateway-inside.ts';
import { runInside, SILENT_NETWORKS } from './namespace/inside.ts';
import { subscribeUrl } from './namespace/subscribe-url.ts';

export interface OracleFound {
  /** Per kind of endpoint, every attempt as a merchant sees it, without identifiers and times. */
  seen: Record<string, string[]>;
  expected: Record<string, string>;
  /** Milliseconds, per kind of endpoint. */
  durationsMs: Record<string, number[]>;
  /** Outcomes, reasons and codes that docs/deliveries.md does not have. */
  undocumented: string[];
  /** Answers to registrations, each once, without the request's identifier. */
  registrations: Record<string, string[]>;
  /** Addresses of ours or of anybody else that stand in some answer of the API. */
  leaks: string[];
  connectionsInside: number;
}

/** Where this process calls from: the audit trail and the notifications' headers rightly say so. */
const OUR_OWN = '127.0.0.1';

const CLOSED_PORT = 9443;
const hostIn = (network: string) => network.replace(/0\/\d+$/, '7');

interface Endpoint {
  /** Where its name leads once it is registered. */
  leadsTo: NameAnswer;
  port?: number;
  /** As a merchant may see it. */
  outcome: string;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  open: { leadsTo: { a: [SHOP_ADDRESS] }, outcome: 'delivered' },
  closed: { leadsTo: { a: [SHOP_ADDRESS] }, port: CLOSED_PORT, outcome: 'connection_error' },
  filtered: { leadsTo: { a: [hostIn(SILENT_NETWORKS.public)] }, outcome: 'timeout' },
  unknown: { leadsTo: { rcode: 3 }, outcome: 'dns_error' },
  'forbidden-open': { leadsTo: { a: ['127.0.0.2'] }, outcome: 'blocked_address' },
  'forbidden-metadata': { leadsTo: { a: ['169.254.169.254'] }, outcome: 'blocked_address' },
  'forbidden-v6': { leadsTo: { aaaa: ['fd00:ec2::254'] }, outcome: 'blocked_address' },
  'forbidden-closed': { leadsTo: { a: ['10.0.0.1'] }, port: CLOSED_PORT, outcome: 'blocked_address' },
  'forbidden-filtered': { leadsTo: { a: [hostIn(SILENT_NETWORKS.internal)] }, outcome: 'blocked_address' },
};

await runInside<{ each: number }, OracleFound>(async ({ each }, onEnd) => {
  let registered = false;
  const gateway = await openGatewayInside(onEnd, {
    merchantId: 'm_curious',
    settings: { ALLOWED_PORTS: String(CLOSED_PORT) },
    leadTo(name, family) {
      const kind = name.replace(/-\d+\..*$/, '');
      const answer = registered ? ENDPOINTS[kind]?.leadsTo : { a: [SHOP_ADDRESS] };
      return { ...inFamily(answer ?? { rcode: 3 }, family), ttlS: 0 };
    },
  });
  const { world, everywhere, merchant, account } = gateway;
  const kinds = Object.entries(ENDPOINTS);
  for (const [kind, { port = 443 }] of kinds) {
    for (let index = 0; index < each; index += 1) {
      await subscribeUrl(merchant.api, `https://${kind}-${index}.shop.example:${port}/`, { timeout_ms: 2_000 });
    }
  }
  registered = true;
  await openSender().postUntilTaken(account, stripePayment('curious', account.secret));

  const answers: string[] = [];
  async function read<Body>(path: string): Promise<Body> {
    const body = await merchant.api.get<Body>(path);
    answers.push(JSON.stringify(body));
    return body;
  }
  const deliveries = await eventually(
    async () => {
      const all = await merchant.api.list<DeliveryBody & { url: string }>('/v1/deliveries');
      return all.length === kinds.length * each && all.every(({ attempts_made }) => attempts_made > 0)
        ? all
        : undefined;
    },
    { what: 'every endpoint tried', deadlineMs: 90_000, intervalMs: 250 },
  );
  const seen = perKind<string>();
  const durationsMs = perKind<number>();
  await inLanes(deliveries.length, 4, async (at) => {
    const { id = '', url = '' } = deliveries[at] ?? {};
    const kind = new URL(url).hostname.replace(/-\d+\..*$/, '');
    const { attempts } = await read<DeliveryWithAttemptsBody>(`/v1/deliveries/${id}`);
    seen[kind]?.push(...attempts.map(withoutIdentity));
    durationsMs[kind]?.push(...attempts.map(({ duration_ms }) => duration_ms));
  });

  const registrations = perKind<string>();
  for (const [kind, { port = 443 }] of kinds) {
    for (let index = each; index < 2 * each; index += 1) {
      const url = `https://${kind}-${index}.shop.example:${port}/`;
      registrations[kind]?.push(await refusalOf(subscribeUrl(merchant.api, url)));
    }
  }
  for (const path of ['/v1/subscriptions?limit=100', '/v1/deliveries?limit=100', '/v1/events', '/v1/notifications']) {
    await read(path);
  }
  answers.push(JSON.stringify(await world.operator.get('/v1/audit?limit=100')));
  const documentation = await readFile(join(repositoryRoot, 'docs', 'deliveries.md'), 'utf8');
  const told = [
    ...Object.values(seen).flat().flatMap(wordsOfAttempt),
    ...Object.values(registrations).flat().flatMap(codesOfRefusal),
  ];
  return {
    seen: mapValues(seen, unique),
    expected: mapValues(ENDPOINTS, ({ outcome }) => outcome),
    durationsMs,
    undocumented: unique(told.filter((words) => !documentation.includes(words))),
    registrations: mapValues(registrations, unique),
    leaks: unique([...answers, ...Object.values(registrations).flat()].flatMap(addressesIn)).filter(
      (address) => address !== OUR_OWN,
    ),
    connectionsInside: everywhere.connections.filter(({ address }) => address !== SHOP_ADDRESS).length,
  };
});

function perKind<Value>(): Record<string, Value[]> {
  return mapValues(ENDPOINTS, () => []);
}

function inFamily(answer: NameAnswer, family: 4 | 6): Exclude<NameAnswer, 'silence'> {
  if (answer === 'silence' || 'rcode' in answer) return answer === 'silence' ? {} : answer;
  return family === 4 ? { a: answer.a ?? [] } : { aaaa: answer.aaaa ?? [] };
}

/** What is left of an attempt when everything is taken away that differs between any two. */
function withoutIdentity(attempt: AttemptBody): string {
  const known = ['id', 'delivery_id', 'started_at', 'next_attempt_at', 'duration_ms'];
  // The answer's own headers are the receiver's, not ours.
  const kept = Object.entries(attempt).filter(([name]) => !known.includes(name) && name !== 'response_headers');
  return JSON.stringify(Object.fromEntries(kept));
}

function wordsOfAttempt(attempt: string): string[] {
  const { outcome, failure } = JSON.parse(attempt) as { outcome: string; failure: { reason: string } | null };
  return failure === null ? [`\`${outcome}\``] : [`\`${outcome}\``, failure.reason];
}

function codesOfRefusal(text: string): string[] {
  return [...text.matchAll(/"code":"(\w+)"/g)].map(([, code]) => `\`${code}\``);
}

/** The body of a refusal without what names the request; `accepted` when there was none. */
async function refusalOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message.replace(/"request_id":"[^"]*"/, '');
  }
}

/** Anything that looks like an address. Times of day have colons too, but no four parts of hexadecimal. */
function addressesIn(text: string): string[] {
  const v4 = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
  const v6 =
    text.match(/(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])|\bf[cde][0-9a-f]{2}:[0-9a-f:]+/gi) ?? [];
  return [...v4, ...v6];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
