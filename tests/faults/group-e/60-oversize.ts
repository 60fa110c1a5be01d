import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { openShops } from '../../e2e/stories/shops.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { noProcessFigures } from '../process-figures.ts';
import { watchMemory } from './memory.ts';
import { openPoster } from './poster.ts';
import { stripeBody, stripeHeaders } from './signed.ts';
import { countsOf } from './stored.ts';
import { openWire } from './wire.ts';

const LIMIT = 1_048_576;
const BOMB_BYTES = 32 * LIMIT;
const ANSWER_WITHIN_MS = 30_000;
const CHUNK = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
/** Senders whose every byte is a chunk of its own, and how many each sends. */
const CRUMBLERS = 24;
const CRUMBS = 250_000;
/** What that is, four times over, and the collector's slack. A list of the pieces would take 2 GB. */
const BAR_MIB = 160;

/** Bodies that are larger than they may be, or become so. */
export const oversize: FaultRow = {
  number: 60,
  group: 'E',
  fault: `bodies of 1 MiB + 1, endless chunks, compressed bombs, bodies in pieces of one byte (${CRUMBLERS} at once)`,
  bar: `413 or 415 and nothing raised; 1 MiB itself and one in pieces accepted; memory grows by less than ${BAR_MIB} MiB`,
  short: true,
  obstacle: noProcessFigures,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const { account } = await openShops(world, 'm_oversize', ['oversize']);
    const poster = openPoster(account.url, 8, onEnd);
    const database = await openDatabase(world, onEnd);
    const wrong: string[] = [];
    const expect = (name: string, seen: number | undefined, wanted: number) => {
      if (seen !== wanted) wrong.push(`${name}: ${seen ?? 'no answer'} instead of ${wanted}`);
    };
    const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
      poster.post({ url: account.url, body, headers: { ...stripeHeaders(body, account.secret), ...headers } });

    const bomb = Buffer.alloc(BOMB_BYTES, ' ');
    expect('1 MiB', await post(bodyOf(LIMIT)), 200);
    expect('1 MiB + 1', await post(bodyOf(LIMIT + 1)), 413);
    expect('gzip', await post(gzipSync(bomb), { 'content-encoding': 'gzip' }), 415);
    expect('gzip twice', await post(gzipSync(gzipSync(bomb)), { 'content-encoding': 'gzip, gzip' }), 415);
    expect('deflate', await post(deflateSync(bomb), { 'content-encoding': 'deflate' }), 415);
    expect('brotli', await post(brotliCompressSync(gzipSync(bomb)), { 'content-encoding': 'br' }), 415);
    expect('10 GiB announced', (await announced(account.url, 10 * 1_024 ** 3))?.status, 413);

    const memory = await watchMemory(world);
    const endless = await sendEndless(account.url);
    expect('endless chunks', endless.status, 413);
    const crumbled = stripeBody('crumbled');
    expect('in pieces of one byte', await sendCrumbled(account.url, crumbled, account.secret), 200);
    await crumble(account.url, short ? 2 : CRUMBLERS);
    const grownMib = await memory.grownBy();
    const { events } = await countsOf(database, 'm_oversize');
    return {
      met: wrong.length === 0 && events === 2 && memory.isSame() && (short || grownMib < BAR_MIB),
      figure: [
        `${poster.statuses.size} kinds of answer, events raised ${events} of 2, endless chunks answered after ${Math.ceil(endless.sent / 1_024)} KiB`,
        `memory grew by ${grownMib} MiB`,
        ...wrong,
      ].join(', '),
      figures: { events, grown_mib: grownMib, endless_sent_bytes: endless.sent, wrong: wrong.length },
    };
  },
};

function bodyOf(length: number): string {
  const key = `sized${length}`;
  const bare = stripeBody(key, { padding: '' }).length;
  return stripeBody(key, { padding: 'x'.repeat(length - bare) });
}

const head = (url: string, ...lines: string[]) =>
  [`POST ${new URL(url).pathname} HTTP/1.1`, 'Host: ingress', ...lines, '', ''].join('\r\n');

async function announced(url: string, length: number) {
  const wire = await openWire(url);
  wire.write(head(url, `Content-Length: ${length}`));
  const [answer] = await wire.untilAnswers(1);
  wire.socket.destroy();
  return answer;
}

/** Sends until there is an answer; the answer must come while more could still be sent. */
async function sendEndless(url: string): Promise<{ status: number | undefined; sent: number }> {
  const wire = await openWire(url);
  wire.write(head(url, 'Transfer-Encoding: chunked'));
  let sent = 0;
  const end = performance.now() + ANSWER_WITHIN_MS;
  while (wire.answers().length === 0 && !wire.socket.destroyed && performance.now() < end) {
    if (!wire.socket.writableNeedDrain) {
      wire.write(CHUNK);
      sent += CHUNK.length;
    }
    await pause(1);
  }
  const [answer] = wire.answers();
  wire.socket.destroy();
  return { status: answer?.status, sent };
}

async function sendCrumbled(url: string, body: string, secret: string): Promise<number | undefined> {
  const wire = await openWire(url);
  const signature = stripeHeaders(body, secret)['stripe-signature'];
  wire.write(head(url, 'Transfer-Encoding: chunked', `Stripe-Signature: ${signature}`));
  wire.write(`${[...body].map((character) => `1\r\n${character}\r\n`).join('')}0\r\n\r\n`);
  const [answer] = await wire.untilAnswers(1);
  wire.socket.destroy();
  return answer?.status;
}

/** Many at once, none of which comes to its end; resolves when ingress has read all of it. */
async function crumble(url: string, senders: number): Promise<void> {
  const crumbs = '1\r\nx\r\n'.repeat(CRUMBS);
  const wires = await Promise.all(Array.from({ length: senders }, () => openWire(url)));
  for (const wire of wires) {
    wire.write(head(url, 'Transfer-Encoding: chunked'));
    wire.write(crumbs);
  }
  await Promise.all(
    wires.map(async (wire) => {
      // What is not terminated gets no answer; what comes behind the end does.
      wire.write('0\r\n\r\n');
      await wire.untilAnswers(1, 60_000);
      wire.socket.destroy();
    }),
  );
}
