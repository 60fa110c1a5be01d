import { openShops } from '../../e2e/stories/shops.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { requestText, stripeBody, stripeHeaders } from './signed.ts';
import { SHAPES } from './smuggling-shapes.ts';
import { keptOf } from './stored.ts';
import { openWire } from './wire.ts';

const PIPELINED = 10;

/**
 * Requests that a proxy in front of ingress could take for one and ingress for two, or the reverse: the hidden one is a
 * genuine notification, so that it would be seen among the events if anybody took it for a request.
 */
export const smuggling: FaultRow = {
  number: 69,
  group: 'E',
  fault: `${SHAPES.length} requests whose framing is ambiguous, each with another request hidden in it; ${PIPELINED} honest ones in one packet`,
  bar: 'ambiguous: 400 (431 where too long) and close, none of the hidden ones is found; honest ones: each answered, in order',
  short: true,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_smuggled', ['smuggled']);
    const database = await openDatabase(world, onEnd);
    const start = `POST ${new URL(account.url).pathname} HTTP/1.1\r\nHost: ingress\r\n`;
    const genuine = (key: string) => {
      const body = stripeBody(key);
      return requestText(account.url, body, stripeHeaders(body, account.secret));
    };
    const wrong: string[] = [];
    for (const [index, { name, write }] of SHAPES.entries()) {
      const wire = await openWire(account.url);
      const text = write(name.includes('HTTP/1.0') ? start.replace('1.1', '1.0') : start, genuine(`hidden${index}`));
      wire.write(Buffer.from(text, 'latin1'));
      const { answers, closed } = await wire.untilClosed();
      const statuses = answers.map(({ status }) => status);
      if (!closed || statuses.length > 1 || ![400, 413, 431, 505].includes(statuses[0] ?? 0))
        wrong.push(`${name}: ${statuses.join(' and ') || 'no answer'}${closed ? '' : ', left open'}`);
    }
    const wire = await openWire(account.url);
    wire.write(Array.from({ length: PIPELINED }, (_, index) => genuine(`honest${index}`)).join(''));
    const answers = await wire.untilAnswers(PIPELINED);
    wire.socket.destroy();
    const answered = answers.filter(({ status }) => status === 200).length;
    const { events } = await keptOf(database, account.merchantId);
    const found = SHAPES.filter((_, index) => events.has(`pi_hidden${index}`)).map(({ name }) => `found in ${name}`);
    return {
      met: wrong.length === 0 && found.length === 0 && answered === PIPELINED && events.size === PIPELINED,
      figure: [
        `refused and closed ${SHAPES.length - wrong.length}/${SHAPES.length}, hidden requests found ${found.length}, pipelined ${answered}/${PIPELINED}`,
        ...wrong,
        ...found,
      ].join('; '),
      figures: { shapes: SHAPES.length, wrong: wrong.length, found: found.length, answered },
    };
  },
};
