import { setTimeout as pause } from 'node:timers/promises';
import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { noProcessFigures } from '../process-figures.ts';
import { startTraffic } from '../traffic.ts';
import { watchMemory } from './memory.ts';
import { openWire, type Wire } from './wire.ts';

const SOCKETS = 2_000;
const DRIP_MS = 1_000;
/** Node looks every 2 s; the rest is the machine's. */
const LATE_MS = 5_000;
/** What a listener allows (packages/service-kit): 10 s for a head, 15 s for a request, 15 s for a write without progress, seen at the second look. */
const LIMITS_MS = { head: 10_000, body: 15_000, silent: 10_000, read: 30_000 } as const;
type Mode = keyof typeof LIMITS_MS;
const READERS = 2;
/** Requests whose answers nobody reads, more of them than two systems buffer; a few at a time, or they would be too many at once. */
const AT_A_TIME = 10;
const EVERY_MS = 600;
const ASKING_MS = 15_000;
/** Taken before it begins, to compare with. */
const BEFORE = 100;
const BAR_P99_MS = 1_000;
/** 64 KB a connection, and the collector's slack. */
const BAR_MIB = 160;

/** Slowloris in its four ways: a head, a body, nothing at all, and answers that are not read. */
export const slowClients: FaultRow = {
  number: 67,
  group: 'E',
  fault: `${SOCKETS} connections that drip heads, drip bodies, say nothing or read no answer`,
  bar: `each cut within its limit (10, 15, 10, 30 s) and ${LATE_MS / 1_000} s; genuine ones meanwhile all accepted, p99 < ${BAR_P99_MS / 1_000} s; memory grows by less than ${BAR_MIB} MiB`,
  short: false,
  obstacle: noProcessFigures,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const traffic = await startTraffic(world, { name: 'slow', notifications: 800, perSecond: 20 });
    await traffic.untilTaken(BEFORE);
    const memory = await watchMemory(world);
    const before = traffic.durationsMs.length;
    const modes: Mode[] = ['head', 'body', 'silent'];
    const attackers = [
      ...Array.from({ length: SOCKETS - READERS }, (_, index) => modes[index % modes.length] as Mode),
      ...Array.from({ length: READERS }, (): Mode => 'read'),
    ];
    const url = traffic.shops[0]?.account.url ?? '';
    const ends: Promise<Cut>[] = [];
    // A hundred at a time, as fast as they are taken.
    for (let at = 0; at < attackers.length; at += 100) {
      const opened = attackers.slice(at, at + 100).map(async (mode) => ({ mode, wire: await openWire(url) }));
      for (const { mode, wire } of await Promise.all(opened)) {
        onEnd(() => wire.socket.destroy());
        ends.push(attack(mode, wire, url));
      }
    }
    const cuts = await Promise.all(ends);
    const grownMib = await memory.grownBy();
    await traffic.sent;
    const { p99_ms: p99 } = latenciesOf(traffic.durationsMs.slice(before));
    const { p99_ms: p99Before } = latenciesOf(traffic.durationsMs.slice(0, before));
    const finding = await judge(world, { ...traffic, maxDuplicates: 0 });

    const longest = (mode: Mode) => Math.max(...cuts.filter((cut) => cut.mode === mode).map(({ ms }) => ms));
    const seconds = (mode: Mode) => (longest(mode) / 1_000).toFixed(1);
    const late = cuts.filter(({ mode, ms }) => ms > LIMITS_MS[mode] + LATE_MS).length;
    const refused = [...traffic.answers].filter(([status]) => status !== 200).length;
    return together(finding, {
      met: late === 0 && refused === 0 && p99 !== null && p99 < BAR_P99_MS && grownMib < BAR_MIB && memory.isSame(),
      figure: `cut after at most ${seconds('head')} s (heads), ${seconds('body')} s (bodies), ${seconds('silent')} s (silent), ${seconds('read')} s (not reading), late ${late}; genuine p99 ${p99} ms (before ${p99Before} ms); memory grew by ${grownMib} MiB`,
      figures: {
        sockets: cuts.length,
        late,
        p99_ms: p99,
        p99_before_ms: p99Before,
        grown_mib: grownMib,
        ...Object.fromEntries([...modes, 'read' as const].map((mode) => [`${mode}_ms`, longest(mode)])),
      },
    });
  },
};

interface Cut {
  mode: Mode;
  /** From the connection's beginning to its end; infinite when it had to be ended from here. */
  ms: number;
}

async function attack(mode: Mode, wire: Wire, url: string): Promise<Cut> {
  const startedAt = performance.now();
  const path = new URL(url).pathname;
  const head = `POST ${path} HTTP/1.1\r\nHost: ingress\r\n`;
  if (mode === 'read') return await leaveUnread(wire);
  let drip = '';
  if (mode === 'head') {
    wire.write(head);
    drip = 'a: b\r\n';
  } else if (mode === 'body') {
    wire.write(`${head}Content-Length: 100000\r\n\r\n`);
    drip = 'x';
  }
  const timer = drip === '' ? undefined : setInterval(() => wire.write(drip), DRIP_MS);
  const { closed } = await wire.untilClosed(LIMITS_MS[mode] + 3 * LATE_MS);
  clearInterval(timer);
  return { mode, ms: closed ? Math.round(performance.now() - startedAt) : Number.POSITIVE_INFINITY };
}

/** Asks for what is long until nothing more is taken. That it was cut is seen only when it is read at last. */
async function leaveUnread({ socket, write, untilClosed }: Wire): Promise<Cut> {
  socket.pause();
  let gone = false;
  socket.once('error', () => {
    gone = true;
  });
  const startedAt = performance.now();
  while (!gone && !socket.writableNeedDrain && performance.now() - startedAt < ASKING_MS) {
    write('GET /metrics HTTP/1.1\r\nHost: ingress\r\n\r\n'.repeat(AT_A_TIME));
    await pause(EVERY_MS);
  }
  await pause(LIMITS_MS.read);
  socket.resume();
  const { closed } = await untilClosed(LATE_MS);
  return { mode: 'read', ms: closed ? LIMITS_MS.read : Number.POSITIVE_INFINITY };
}
