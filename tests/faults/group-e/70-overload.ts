import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount } from '../../parties/onboarding.ts';
import { inLanes } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { noProcessFigures, residentBytes } from '../process-figures.ts';
import { describeStatuses, openPoster } from './poster.ts';
import { countsOf } from './stored.ts';

/** Far beyond what two cores accept; `FAULTS_LOAD_S=600` takes the ten minutes of the plan. */
const SECONDS = Number(process.env.FAULTS_LOAD_S ?? 30);
const LANES = 1_500;
/** What Node gives itself in the container of k8s/base; with more it lets more lie. */
const HEAP_MIB = 256;
const SAMPLE_MS = 500;
/** Between the second and the last quarter; V8 grows into what it may have at first. */
const BAR_GROWTH = 0.1;
const SLACK_MIB = 24;
const MIB = 1_048_576;

/** More than there is time for: nothing may be lost that was taken, and nothing may pile up. */
export const overload: FaultRow = {
  number: 70,
  group: 'E',
  fault: `${LANES} senders that post again as soon as they are answered, for ${SECONDS} s`,
  bar: `200 or 503; every acknowledged event stored once; memory in the last quarter at most ${100 * BAR_GROWTH} % and ${SLACK_MIB} MiB above the second`,
  short: false,
  obstacle: noProcessFigures,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    await world.merchant('m_load');
    const account = await connectAccount(world.operator, 'm_load', 'stripe');
    const database = await openDatabase(world, onEnd);
    const small = await world.addReplica('ingress', { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` });
    const { pid } = small;
    const poster = openPoster(small.url, LANES, onEnd);
    const samples: number[] = [];
    const watching = setInterval(() => {
      void residentBytes(pid).then((bytes) => samples.push(bytes / MIB), console.error);
    }, SAMPLE_MS);
    onEnd(() => clearInterval(watching));

    const acked: string[] = [];
    const end = performance.now() + SECONDS * 1_000;
    await inLanes(Number.MAX_SAFE_INTEGER, LANES, async (index) => {
      if (performance.now() > end) throw new Over();
      const { body, headers, says } = stripePayment(`load${index}`, account.secret);
      const status = await poster.post({ url: account.url, body, headers });
      if (status === 200) acked.push(says[0]?.reference ?? '');
    }).catch((fault: unknown) => {
      if (!(fault instanceof Over)) throw fault;
    });
    clearInterval(watching);
    await underWay(poster.underWay);

    const stored = new Map<string, number>();
    const events = database.collection<{ references: string[] }>('events');
    for await (const { references } of events.find({ merchant_id: 'm_load' }, { projection: { references: 1 } }))
      stored.set(references[0] ?? '', (stored.get(references[0] ?? '') ?? 0) + 1);
    const lost = acked.filter((reference) => stored.get(reference) !== 1).length;
    const quarter = (n: number) => median(samples.slice((samples.length * (n - 1)) / 4, (samples.length * n) / 4));
    const [second, last] = [quarter(2), quarter(4)];
    const others = [...poster.statuses.keys()].filter((status) => status !== 200 && status !== 503);
    return {
      met: lost === 0 && others.length === 0 && last <= second * (1 + BAR_GROWTH) + SLACK_MIB && acked.length > 0,
      figure: `answers ${describeStatuses(poster.statuses)}; ${Math.round(acked.length / SECONDS)} accepted/s, lost or twice ${lost}; memory ${Math.round(second)} then ${Math.round(last)} MiB`,
      figures: {
        acknowledged: acked.length,
        lost,
        shed: poster.statuses.get(503) ?? 0,
        memory_second_quarter_mib: Math.round(second),
        memory_last_quarter_mib: Math.round(last),
        ...(await countsOf(database, 'm_load')),
      },
    };
  },
};

/** The time is over. */
class Over extends Error {}

async function underWay(count: () => number): Promise<void> {
  await pause(100);
  await eventually(() => count() === 0, { what: 'the last answers', deadlineMs: 20_000 });
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
