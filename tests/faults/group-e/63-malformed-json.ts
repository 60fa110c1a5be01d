import { openShops } from '../../e2e/stories/shops.ts';
import { inLanes } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { type JsonText, jsonTexts } from './json-texts.ts';
import { openPoster } from './poster.ts';
import { stripeBody, stripeHeaders } from './signed.ts';
import { keptOf } from './stored.ts';

const LANES = 8;
const HERE = '"put it here"';

/**
 * What is genuine and cannot be read is acknowledged, kept and shown as unreadable: a connector would repeat it for days, and
 * it would stay as it is. So 2xx is the answer to all of them; what differs is whether an event is raised.
 */
export const malformedJson: FaultRow = {
  number: 63,
  group: 'E',
  fault: 'JSON and what only looks like it, validly signed: each alone, and each inside a payment',
  bar: 'acknowledged and kept, no 5xx; an event from every payment that is JSON, none from any that is not',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_json', ['json']);
    const poster = openPoster(account.url, LANES, onEnd);
    const database = await openDatabase(world, onEnd);
    const texts = jsonTexts();
    const bodies = texts.flatMap((text, index) => [text.bytes, around(`json${index}`, text)]);
    await inLanes(bodies.length, LANES, async (index) => {
      const body = bodies[index] ?? Buffer.alloc(0);
      await poster.post({ url: account.url, body, headers: stripeHeaders(body, account.secret) });
    });
    const { events, notifications } = await keptOf(database, account.merchantId);
    const wrong = texts.filter(({ kind }, index) => {
      const raised = events.has(`pi_json${index}`);
      return (kind === 'y' && !raised) || (kind === 'n' && raised);
    });
    const kept = new Set(notifications.map(({ body }) => body.toString('latin1')));
    const missing = bodies.filter((body) => !kept.has(body.toString('latin1'))).length;
    const acknowledged = poster.statuses.get(200) ?? 0;
    const of = (kind: JsonText['kind']) => texts.filter((text) => text.kind === kind).length;
    return {
      met: wrong.length === 0 && missing === 0 && acknowledged === bodies.length && events.size <= texts.length,
      figure: [
        `${of('y')} valid, ${of('n')} malformed, ${of('i')} either: acknowledged ${acknowledged}/${bodies.length}, not kept ${missing}, events ${events.size}`,
        `wrongly read ${wrong.length}${wrong.length > 0 ? ` (${wrong[0]?.name})` : ''}`,
      ].join(', '),
      figures: { texts: texts.length, acknowledged, missing, events: events.size, wrong: wrong.length },
    };
  },
};

/** A payment with the text as the last value among its metadata. */
function around(key: string, { bytes }: JsonText): Buffer {
  const body = stripeBody(key, { metadata: { order_id: 'A-1', text: 'put it here' } });
  const [before = '', after = ''] = body.split(HERE);
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}
