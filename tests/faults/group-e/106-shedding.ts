import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { noProcessFigures } from '../process-figures.ts';
import { startTraffic } from '../traffic.ts';
import { watchMemory } from './memory.ts';
import { openWire, type Wire } from './wire.ts';

/** What bodies may hold in this row, of the default's 128. */
const INTAKE_MIB = 32;
/** The bodies themselves, as much again while they grow, and the collector's slack. */
const BAR_MIB = 2 * INTAKE_MIB + 96;
const ANNOUNCED_BYTES = 1_048_576;
const LARGE_BYTES = 1_000_000;
const LARGE = 200;
const SMALL = 1_500;
const SMALL_BYTES = 30_000;
const DRIP_MS = 1_000;
const BAR_P99_MS = 1_000;
const NOTIFICATIONS = 600;

/** Bodies that never end: a few large ones, then many small ones. What holds memory is not what is to be let in. */
export const shedding: FaultRow = {
  number: 106,
  group: 'E',
  fault: `${LARGE} bodies of 1 MB, then ${SMALL} of 30 KB, all of which stop before their end; INTAKE_MIB=${INTAKE_MIB}`,
  bar: `what exceeds it hears 503 with Retry-After; memory grows by less than ${BAR_MIB} MiB; genuine ones meanwhile all accepted, p99 < ${BAR_P99_MS / 1_000} s; nothing is held afterwards`,
  short: false,
  obstacle: noProcessFigures,
  async run({ openWorld, onEnd }) {
    const world = await openWorld({ INTAKE_MIB: String(INTAKE_MIB) });
    const traffic = await startTraffic(world, { name: 'shed', notifications: NOTIFICATIONS, perSecond: 15 });
    await traffic.untilTaken(20);
    const memory = await watchMemory(world);
    const before = traffic.durationsMs.length;
    const url = traffic.shops[0]?.account.url ?? '';
    const ends: Promise<End>[] = [];
    const stall = async (bytes: number) => {
      const wire = await openWire(url);
      onEnd(() => wire.socket.destroy());
      ends.push(stalled(wire, url, bytes));
    };
    await Promise.all(Array.from({ length: LARGE }, () => stall(LARGE_BYTES)));
    for (let at = 0; at < SMALL; at += 100) await Promise.all(Array.from({ length: 100 }, () => stall(SMALL_BYTES)));
    const outcomes = await Promise.all(ends);
    const grownMib = await memory.grownBy();
    await traffic.sent;
    const { p99_ms: p99 } = latenciesOf(traffic.durationsMs.slice(before));
    const metrics = await (await fetch(`${world.stack.ingressUrl}/metrics`)).text();
    const held = Number(/^ingress_body_bytes_held\S* (\S+)$/m.exec(metrics)?.[1]);
    const finding = await judge(world, { ...traffic, maxDuplicates: 0 });

    const count = (kind: End) => outcomes.filter((outcome) => outcome === kind).length;
    const [shed, cut] = [count('shed'), count('cut')];
    const others = [...new Set(outcomes)].filter((outcome) => outcome !== 'shed' && outcome !== 'cut');
    const other = outcomes.length - shed - cut;
    const refused = [...traffic.answers]
      .filter(([status]) => status !== 200)
      .reduce((sum, [, times]) => sum + times, 0);
    return together(finding, {
      met:
        shed > 0 &&
        other === 0 &&
        refused === 0 &&
        held === 0 &&
        grownMib < BAR_MIB &&
        memory.isSame() &&
        p99 !== null &&
        p99 < BAR_P99_MS,
      figure: `503 with Retry-After ${shed}, cut at the time limit ${cut}, otherwise ${other}${others.map((status) => ` (${status})`).join('')}; memory grew by ${grownMib} MiB; genuine turned away ${refused}, p99 ${p99} ms; held afterwards ${held}`,
      figures: { shed, cut, other, grown_mib: grownMib, genuine_turned_away: refused, p99_ms: p99, held_bytes: held },
    });
  },
};

type End = 'shed' | 'cut' | `${number}`;

async function stalled(wire: Wire, url: string, bytes: number): Promise<End> {
  wire.write(`POST ${new URL(url).pathname} HTTP/1.1\r\nHost: ingress\r\nContent-Length: ${ANNOUNCED_BYTES}\r\n\r\n`);
  wire.write(Buffer.alloc(bytes, 'x'));
  const drip = setInterval(() => wire.write('x'), DRIP_MS);
  const [answer] = await wire.untilAnswers(1, 30_000);
  clearInterval(drip);
  wire.socket.destroy();
  if (answer === undefined || answer.status === 408) return 'cut';
  return answer.status === 503 && /^retry-after: \d+$/im.test(answer.head) ? 'shed' : `${answer.status}`;
}
