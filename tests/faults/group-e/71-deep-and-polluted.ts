import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { openPoster } from './poster.ts';
import { stripeBody, stripeHeaders } from './signed.ts';
import { keptOf } from './stored.ts';

const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}0${close.repeat(levels)}`;

/** What is put among the object's fields, as it is written. */
const FIELDS: Readonly<Record<string, string>> = {
  '45,000 arrays deep': `"x":${nested('[', ']', 45_000)}`,
  '45,000 objects deep': `"x":${nested('{"a":', '}', 45_000)}`,
  '500,000 arrays deep': `"x":${nested('[', ']', 500_000)}`,
  'deep metadata': `"metadata":{"a":${nested('[', ']', 20_000)},"order_id":"A"}`,
  __proto__: '"__proto__":{"polluted":1,"amount":1}',
  'constructor.prototype': '"constructor":{"prototype":{"polluted":1}}',
  '__proto__ in metadata': '"metadata":{"__proto__":"x","order_id":"A"}',
  'names of methods': '"toString":1,"valueOf":null,"hasOwnProperty":0,"toJSON":"x","then":1',
  'names of MongoDB': '"metadata":{"$where":"1","a.b":"c","":"empty","order_id":{"$ne":1}}',
  'zero in a name': '"metadata":{"a\\u0000b":"c"}',
  'amount twice': '"amount":1,"amount_received":1',
  'id twice': '"id":"pi_other"',
  '1e400': '"amount":1e400,"amount_received":1e400',
  '-1e400': '"amount":-1e400,"amount_received":-1e400',
  '2^53 + 1': '"amount":9007199254740993,"amount_received":9007199254740993',
  'half a cent': '"amount":0.5,"amount_received":0.5',
  'minus zero': '"amount":-0,"amount_received":-0',
  '100,000 digits': `"amount":${'9'.repeat(100_000)},"amount_received":${'9'.repeat(100_000)}`,
  'an amount of text': '"amount":"2000","amount_received":["2000"]',
  '60,000 names': Array.from({ length: 60_000 }, (_, n) => `"k${n}":${n}`).join(','),
};

/** An amount that the sender cannot have meant is none; a number beyond what JSON carries is not guessed at. */
const AMOUNTS: Readonly<Record<string, number | null>> = {
  'amount twice': 1,
  '1e400': null,
  '-1e400': null,
  '2^53 + 1': null,
  'half a cent': null,
  'minus zero': 0,
  '100,000 digits': null,
  'an amount of text': null,
};

/** Both with and without the vendor's own object beside ours (`include_source`), which is copied and written again. */
export const deepAndPolluted: FaultRow = {
  number: 71,
  group: 'E',
  fault: `${Object.keys(FIELDS).length} payments that are deep, polluted, repeated or beyond numbers, validly signed; the vendor's object told or not`,
  bar: 'acknowledged and kept byte for byte, one event each, delivered as stored; amounts exact or none, no number beyond 2^53 told, prototypes as before',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_deep', ['deep']);
    const telling = await world.operator.post<{ webhook_url: string }>('/v1/connector-accounts', {
      merchant_id: 'm_deep',
      connector: 'stripe',
      name: 'stripe-telling',
      credentials: [{ signing_secret: account.secret }],
      status: 'enabled',
      include_source: true,
    });
    const poster = openPoster(account.url, 4, onEnd);
    const database = await openDatabase(world, onEnd);
    const names = Object.keys(FIELDS);
    const bodies: string[] = [];
    for (const [index, name] of names.entries()) {
      for (const [prefix, url] of [
        ['plain', account.url],
        ['told', telling.webhook_url],
      ] as const) {
        const body = withFields(`${prefix}${index}`, FIELDS[name] ?? '');
        bodies.push(body);
        await poster.post({ url, body, headers: stripeHeaders(body, account.secret) });
      }
    }
    const receipts = recipients[0]?.receipts ?? [];
    await eventually(() => receipts.length >= bodies.length, { what: 'every event', deadlineMs: 60_000 }).catch(
      () => undefined,
    );
    const { notifications, bodies: stored } = await keptOf(database, 'm_deep');

    const kept = new Set(notifications.map(({ body }) => body.toString()));
    const missing = bodies.filter((body) => !kept.has(body)).length;
    const faults = receipts.flatMap(({ body, signatures }) => {
      const index = Number(/pi_(?:plain|told)(\d+)/.exec(body)?.[1] ?? names.indexOf('id twice'));
      return faultsOf(names[index] ?? '', body, stored.has(body) && signatures.stripe && signatures.standardWebhooks);
    });
    const acknowledged = poster.statuses.get(200) ?? 0;
    const all = [acknowledged, receipts.length, stored.size];
    return {
      met: all.every((count) => count === bodies.length) && missing === 0 && faults.length === 0,
      figure: [
        `${bodies.length} payments: acknowledged ${acknowledged}, not kept as sent ${missing}, delivered ${receipts.length}, faults ${faults.length}`,
        ...faults.slice(0, 4),
      ].join(', '),
      figures: { payments: bodies.length, acknowledged, missing, delivered: receipts.length, faults: faults.length },
    };
  },
};

function withFields(key: string, fields: string): string {
  return stripeBody(key, { here: 0 }).replace('"here":0', () => fields);
}

function faultsOf(name: string, body: string, isAsStored: boolean): string[] {
  const faults: string[] = isAsStored ? [] : [`${name}: not as stored, or not verified`];
  const { data } = JSON.parse(body) as { data: { object: { amount_minor: number | null } } };
  const wanted = name in AMOUNTS ? AMOUNTS[name] : 2_000;
  if (data.object.amount_minor !== wanted) faults.push(`${name}: ${data.object.amount_minor} instead of ${wanted}`);
  const unsafe = body.match(/(?<=[:[,])-?\d{16,}(?=[,}\]])/)?.find((number) => !Number.isSafeInteger(Number(number)));
  if (unsafe !== undefined) faults.push(`${name}: tells ${unsafe.slice(0, 20)}`);
  return faults;
}
