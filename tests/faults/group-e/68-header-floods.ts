import { openShops } from '../../e2e/stories/shops.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { noProcessFigures } from '../process-figures.ts';
import { watchMemory } from './memory.ts';
import { openWire } from './wire.ts';

const many = (count: number, line: string) => line.repeat(count);

/** Whole heads that are too much in one way or another. */
const HEADS: Readonly<Record<string, string>> = {
  '3,000 headers in 17 KiB': many(3_000, 'a: b\r\n'),
  '3,000 headers in 12 KiB': many(3_000, 'a:\r\n'),
  '201 headers': many(200, 'a:\r\n'),
  'a value of 17 KiB': `a: ${'x'.repeat(17_408)}\r\n`,
  'a name of 17 KiB': `${'x'.repeat(17_408)}: b\r\n`,
  '500 cookies': many(500, 'cookie: a=b\r\n'),
  '500 signatures': many(500, 'stripe-signature: t=1,v1=a\r\n'),
};
/** 15 KiB of a head that never ends: as many headers as fit, each of another name. */
const UNFINISHED = Array.from({ length: 2_600 }, (_, n) => `${n.toString(36)}:\r\n`).join('');
const CONNECTIONS = 1_500;
const PER_CONNECTION_KIB = 32;
const BAR_MIB = (CONNECTIONS * PER_CONNECTION_KIB) / 1_024 + 32;

/** Heads as weapons: nobody is authenticated yet, and every byte of them is kept until they end. */
export const headerFloods: FaultRow = {
  number: 68,
  group: 'E',
  fault: `${Object.keys(HEADS).length} heads that are too much; ${CONNECTIONS} connections with 15 KiB each of a head that does not end`,
  bar: `431 and close; genuine ones meanwhile accepted by the same process; memory grows by less than ${PER_CONNECTION_KIB} KiB a connection and 32 MiB`,
  short: true,
  obstacle: noProcessFigures,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_heads', ['heads']);
    const start = `POST ${new URL(account.url).pathname} HTTP/1.1\r\nHost: ingress\r\n`;
    const wrong: string[] = [];
    for (const [name, lines] of Object.entries(HEADS)) {
      const wire = await openWire(account.url);
      wire.write(`${start}${lines}Content-Length: 0\r\n\r\n`);
      const { answers, closed } = await wire.untilClosed();
      if (answers[0]?.status !== 431 || !closed) wrong.push(`${name}: ${answers[0]?.status ?? 'no answer'}`);
    }

    const memory = await watchMemory(world);
    const connections = short ? 100 : CONNECTIONS;
    await inLanes(connections, 50, async () => {
      const wire = await openWire(account.url);
      onEnd(() => wire.socket.destroy());
      await new Promise((resolve) => wire.socket.write(start + UNFINISHED, resolve));
    });
    const sender = openSender();
    await inLanes(20, 2, async (index) => {
      await sender.post(account, stripePayment(`heads${index}`, account.secret));
    });
    const grownMib = await memory.grownBy();
    const taken = sender.acked.length;
    return {
      met: wrong.length === 0 && taken === 20 && memory.isSame() && (short || grownMib < BAR_MIB),
      figure: [
        `refused ${Object.keys(HEADS).length - wrong.length}/${Object.keys(HEADS).length}, genuine meanwhile ${taken}/20`,
        `memory grew by ${grownMib} MiB for ${connections} connections (bar ${Math.round(BAR_MIB)})`,
        ...wrong,
      ].join(', '),
      figures: { heads: Object.keys(HEADS).length, wrong: wrong.length, taken, connections, grown_mib: grownMib },
    };
  },
};
