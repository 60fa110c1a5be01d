import type { FaultRow } from '../fault-row.ts';
import { describeTurns, figuresOf, inTurns, isWithin, withinText } from '../latency/in-turns.ts';
import { openMarket } from '../latency/market.ts';

const MERCHANTS = 50;
/** A fifth of the merchants. */
const FAILING = Array.from({ length: MERCHANTS / 5 }, (_, n) => n * 5);
const PER_SECOND = 50;
const SECONDS = 5;
const BAR = 1.5;

/** A fifth of the events is tried ten times more, one second apart: up to 100 retries a second come due. */
const DELAYS_S = Array.from({ length: 10 }, () => 1);
const RETRIES_PER_S = 20;

/** A pace has no bursts, but a count over some seconds begins and ends somewhere. */
const TOLERANCE = 1.1;

/** Retries come due faster than they may go, while first attempts are made. */
export const retryFlood: FaultRow = {
  number: 37,
  group: 'C',
  fault: `20 % of merchants answer 500; up to 100 retries/s come due, RETRIES_PER_S=${RETRIES_PER_S}`,
  bar: `first attempts' p99 ${withinText(BAR)}; retries within their budget`,
  short: false,
  async run(surroundings) {
    const market = await openMarket(surroundings, {
      merchants: MERCHANTS,
      perSecond: PER_SECOND,
      settings: { RETRIES_PER_S: String(RETRIES_PER_S) },
      subscription: { retry_policy: { delays_s: DELAYS_S } },
    });
    const { receiver, measure, untilQuiet } = market;
    const perSecond: number[] = [];
    const turns = await inTurns({
      turns: 3,
      baseline: () => measure(SECONDS),
      async fault() {
        await receiver.call('fail', FAILING);
        // Retries of these first seconds come due while the next ones are measured.
        await measure(2);
        const { repeated } = await receiver.call('counts', undefined);
        const startedAt = performance.now();
        const p99 = await measure(SECONDS);
        const retries = (await receiver.call('counts', undefined)).repeated - repeated;
        perSecond.push((retries * 1_000) / (performance.now() - startedAt));
        await receiver.call('fail', []);
        await untilQuiet();
        return p99;
      },
    });
    const highest = Math.max(...perSecond);
    return {
      met: isWithin(BAR, turns) && highest <= RETRIES_PER_S * TOLERANCE && highest > RETRIES_PER_S / 2,
      figure: `${describeTurns(turns)}, retries ${highest.toFixed(0)}/s`,
      figures: { ...figuresOf(turns), retries_per_s: highest },
    };
  },
};
