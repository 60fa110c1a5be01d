import { openShops } from '../../e2e/stories/shops.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { openPoster } from './poster.ts';
import { stripeBody, stripeHeaders } from './signed.ts';
import { keptOf } from './stored.ts';

const TYPES: readonly (string | string[] | undefined)[] = [
  undefined,
  '',
  'x',
  'text/plain; charset=utf-16',
  'application/json; charset=utf-7',
  'application/json; charset=',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'application/json, text/plain',
  ['application/json', 'text/plain'],
  '*/*',
  'application/json'.repeat(50),
];

const genuine = (key: string) => Buffer.from(stripeBody(key, { description: 'Bücher' }));

/** Bytes that are no text, or another text than they seem; `true` for what is UTF-8 and JSON all the same. */
const BODIES: Readonly<Record<string, { body: Buffer; readable: boolean }>> = {
  'byte order mark': { body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), genuine('bom')]), readable: true },
  'lone surrogate, escaped': { body: Buffer.from(stripeBody('surrogate').replace('usd', '\\ud800')), readable: true },
  'U+0000, escaped': { body: Buffer.from(stripeBody('nul').replace('usd', '\\u0000')), readable: true },
  empty: { body: Buffer.alloc(0), readable: false },
  'one zero': { body: Buffer.alloc(1), readable: false },
  'UTF-16': { body: Buffer.from(stripeBody('utf16'), 'utf16le'), readable: false },
  latin1: { body: Buffer.from(genuine('latin').toString(), 'latin1'), readable: false },
  'cut character': { body: genuine('cut').subarray(0, genuine('cut').indexOf(0xc3) + 1), readable: false },
  'overlong slash': { body: spliced('overlong', [0xc0, 0xaf]), readable: false },
  'surrogate in UTF-8': { body: spliced('cesu', [0xed, 0xa0, 0x80]), readable: false },
  'beyond Unicode': { body: spliced('beyond', [0xf4, 0x90, 0x80, 0x80]), readable: false },
  'bare zero': { body: spliced('zero', [0x00]), readable: false },
};

/** Nothing but the bytes decides: neither what they are said to be nor what they look like. */
export const oddBodies: FaultRow = {
  number: 62,
  group: 'E',
  fault: `${TYPES.length} content types and ${Object.keys(BODIES).length} odd bodies, unsigned and validly signed`,
  bar: 'unsigned: 401 and nothing kept; signed: acknowledged, kept byte for byte, an event exactly from UTF-8 and JSON',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_odd', ['odd']);
    const poster = openPoster(account.url, 4, onEnd);
    const database = await openDatabase(world, onEnd);
    const cases = [
      ...TYPES.map((type, index) => ({ body: genuine(`type${index}`), type, readable: true })),
      ...Object.values(BODIES).map((one) => ({ ...one, type: 'application/json' })),
    ];
    const post = (body: Buffer, type: string | string[] | undefined, headers: Record<string, string>) =>
      poster.post({
        url: account.url,
        body,
        headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
      });
    const unsigned: number[] = [];
    for (const { body, type } of cases) unsigned.push(await post(body, type, {}));
    const before = await keptOf(database, account.merchantId);
    const signed: number[] = [];
    for (const { body, type } of cases) signed.push(await post(body, type, stripeHeaders(body, account.secret)));
    const { notifications, events } = await keptOf(database, account.merchantId);

    const refused = unsigned.filter((status) => status === 401).length;
    const acknowledged = signed.filter((status) => status === 200).length;
    const changed = cases.filter(({ body }) => !notifications.some((kept) => kept.body.equals(body))).length;
    const readable = cases.filter((one) => one.readable).length;
    const keptBefore = before.notifications.length + before.events.size;
    return {
      met:
        refused === cases.length &&
        acknowledged === cases.length &&
        keptBefore === 0 &&
        changed === 0 &&
        events.size === readable,
      figure: `unsigned refused ${refused}/${cases.length}, of those kept ${keptBefore}; signed acknowledged ${acknowledged}/${cases.length}, changed or not kept ${changed}, events ${events.size} of ${readable}`,
      figures: { cases: cases.length, refused, acknowledged, changed, events: events.size, readable },
    };
  },
};

/** A genuine body with these bytes inside one of its texts. */
function spliced(key: string, bytes: readonly number[]): Buffer {
  const body = genuine(key);
  const at = body.indexOf('cher');
  return Buffer.concat([body.subarray(0, at), Buffer.from(bytes), body.subarray(at)]);
}
