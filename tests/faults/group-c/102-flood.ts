import { inLanes } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { describeTurns, figuresOf, inTurns, isWithin, withinText } from '../latency/in-turns.ts';
import { type Market, openMarket } from '../latency/market.ts';

const MERCHANTS = 20;
const FLOODING = 7;
const SECONDS = 8;
const BAR = 1.5;
/** While thousands of events a second are raised and stored, the machine and its one MongoDB are everybody's. */
const RAISING_P99_MS = 250;

/** `FLOOD_EVENTS=100000` for the flood of the plan; this many take about a minute. */
const EVENTS = Number(process.env.FLOOD_EVENTS ?? 20_000);
const TURNS = 2;

const IN_A_REQUEST = 100;
const REQUESTS_AT_ONCE = 2;

/** Everything at once, through the API that takes a hundred events in a request; the others have their traffic meanwhile. */
export const flood: FaultRow = {
  number: 102,
  group: 'C',
  fault: `a merchant raises ${EVENTS} events at once`,
  bar: `others' p99 ${withinText(BAR)}, while the flood waits; ${RAISING_P99_MS} ms while it is raised; all of it delivered`,
  short: false,
  async run(surroundings) {
    const market = await openMarket(surroundings, {
      merchants: MERCHANTS,
      perSecond: 50,
      // A merchant's share, in proportion to what a small machine can do.
      settings: { MERCHANT_SHARE_PER_S: '50', MERCHANT_SHARE_BURST: '100', OVERFLOW_PER_S: '50' },
    });
    const others = () => market.measure(SECONDS, { except: FLOODING });
    let taken = 0;
    const whileRaised: number[] = [];
    const turns = await inTurns({
      turns: TURNS,
      baseline: others,
      async fault() {
        const flooding = raise(market, EVENTS / TURNS, taken);
        taken += EVENTS / TURNS;
        await accepted(market);
        whileRaised.push(await others());
        await flooding;
        const p99 = await others();
        await market.untilQuiet();
        return p99;
      },
    });
    const delivered = await market.receiver.call('waitFor', {
      range: floodRange(taken),
      count: taken,
      timeoutMs: 10_000,
    });
    return {
      met: isWithin(BAR, turns) && Math.max(...whileRaised) <= RAISING_P99_MS && delivered === taken,
      figure: `${describeTurns(turns)}, while it is raised ${whileRaised.map((p99) => p99.toFixed(0)).join(' ')} ms; ${delivered} of the flood delivered`,
      figures: { ...figuresOf(turns), while_raised_p99_ms: whileRaised.join(' '), flood: taken, delivered },
    };
  },
};

/** Numbers of the flood's events, beyond those of the others. */
const FIRST = 1_000_000;

function floodRange(count: number) {
  return { from: FIRST, to: FIRST + count };
}

async function raise({ world }: Market, count: number, from: number): Promise<void> {
  const token = world.stack.mintToken({ owner: { level: 'operator', id: '*' } });
  await inLanes(count / IN_A_REQUEST, REQUESTS_AT_ONCE, async (request) => {
    const first = FIRST + from + request * IN_A_REQUEST;
    const events = Array.from({ length: IN_A_REQUEST }, (_, n) => eventOf(first + n));
    const response = await fetch(`${world.stack.ingressUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
    if (!response.ok) throw new Error(`raising events was answered with ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  });
}

/** Resolves once some of the flood waits in the overflow lane. */
async function accepted({ queues }: Market): Promise<void> {
  while ((await queues.depths())['events-overflow'].waiting === 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

function eventOf(number: number): object {
  return {
    merchant_id: `m_bench_${FLOODING}`,
    type: 'payment_succeeded',
    origin: 'system',
    object_type: 'payment',
    object: {
      connector_reference: `pi_bench_${number}`,
      payment_reference: `pi_bench_${number}`,
      merchant_reference: null,
      amount_minor: 2000,
      currency: 'USD',
      status: 'succeeded',
      detail: null,
      customer: null,
      metadata: {},
    },
  };
}
