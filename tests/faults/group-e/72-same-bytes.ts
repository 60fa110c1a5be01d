import fc from 'fast-check';
import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { inLanes } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { openPoster } from './poster.ts';
import { stripeBody, stripeHeaders } from './signed.ts';
import { keptOf } from './stored.ts';

const PAYLOADS = 10_000;
const PAYLOADS_SHORT = 300;
const SEED = Number(process.env.FAULTS_SEED ?? 20_261_121);
const LANES = 16;

/** Text with everything that is hard to carry: controls, marks of order, U+2028, characters beyond the first plane, lone surrogates. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
/** What a reader and writer of JSON would not give back as it was. */
const number = fc.constantFrom(
  '1.10',
  '9007199254740993',
  '-0',
  '1E2',
  '0.1e1',
  '100.000',
  '1e400',
  '12345678901234567890',
  '7',
);
const blank = fc.constantFrom('', ' ', '\n', '\t', '\r\n  ');
const written: fc.Arbitrary<string> = fc.oneof(
  number,
  text.map((value) => JSON.stringify(value)),
  text.map((value) => `"${[...value].map(escaped).join('')}"`),
  fc.constantFrom('null', 'true', '[]', '{}', '{"a":1,"a":2}', '[[1.0],[ 2.50 ]]'),
);
const payload = fc.record({
  metadata: fc.dictionary(text, text, { maxKeys: 4 }),
  description: text,
  odd: written,
  blank,
  tail: blank,
});

/** The bytes that came are verified and kept; the bytes that were stored are signed and sent. */
export const sameBytes: FaultRow = {
  number: 72,
  group: 'E',
  fault: `${PAYLOADS} payloads of random text, escapes, numbers and blanks, from connector to receiver`,
  bar: 'every notification kept byte for byte; every event received as stored, with both signatures valid, and saying what was said',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_bytes', ['bytes']);
    const poster = openPoster(account.url, LANES, onEnd);
    const database = await openDatabase(world, onEnd);
    const count = short ? PAYLOADS_SHORT : PAYLOADS;
    const samples = fc.sample(payload, { seed: SEED, numRuns: count });
    const bodies = samples.map(
      ({ metadata, description, odd, blank: before, tail }, index) =>
        stripeBody(`bytes${index}`, { metadata, description, here: 0 }).replace(
          '"here":0',
          () => `${before}"here"${before}:${before}${odd}`,
        ) + tail,
    );
    await inLanes(count, LANES, async (index) => {
      const body = Buffer.from(bodies[index] ?? '');
      await poster.post({ url: account.url, body, headers: stripeHeaders(body, account.secret) });
    });
    const receipts = recipients[0]?.receipts ?? [];
    await eventually(() => receipts.length >= count, { what: `${count} events received`, deadlineMs: 120_000 });
    const { notifications, events } = await keptOf(database, 'm_bytes');

    const kept = new Set(notifications.map(({ body }) => body.toString('latin1')));
    const changed = bodies.filter((body) => !kept.has(Buffer.from(body).toString('latin1'))).length;
    const unlike = receipts.filter(({ body }) => events.get(referenceIn(body)) !== body).length;
    const unverified = receipts.filter(({ signatures }) => !signatures.stripe || !signatures.standardWebhooks).length;
    const untold = receipts.filter(({ body }) => {
      const index = Number(referenceIn(body).slice('pi_bytes'.length));
      return !saysTheSame(body, samples[index]?.metadata ?? {});
    }).length;
    const wrong = [changed, unlike, unverified, untold, receipts.length - count];
    return {
      met: wrong.every((found) => found === 0) && poster.statuses.get(200) === count,
      figure: `${count} payloads: not kept as sent ${changed}, not received as stored ${unlike}, not verified ${unverified}, saying something else ${untold}, received more than once ${receipts.length - count}`,
      figures: { payloads: count, seed: SEED, changed, unlike, unverified, untold, received: receipts.length },
    };
  },
};

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

const referenceIn = (body: string) => /pi_bytes\d+/.exec(body)?.[0] ?? '';

/** Texts come through as text; UTF-8 has no lone surrogates, so those were replaced before they were sent. */
function saysTheSame(body: string, metadata: Readonly<Record<string, string>>): boolean {
  const { data } = JSON.parse(body) as { data: { object: { metadata: Record<string, string> } } };
  const wanted = JSON.parse(Buffer.from(JSON.stringify(metadata)).toString()) as Record<string, string>;
  return Object.entries(wanted).every(([name, value]) => name === '__proto__' || data.object.metadata[name] === value);
}
