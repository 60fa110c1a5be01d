import type { FaultRow } from '../fault-row.ts';
import { describeTurns, figuresOf, inTurns, isWithin, withinText } from '../latency/in-turns.ts';
import { openMarket } from '../latency/market.ts';

const MERCHANTS = 50;
const HANGING = 17;
/** Hardly more than the 20 in flight that the one may have: were they all given to it, the others would wait for it. */
const SLOTS = 24;
const BAR = 1.2;
const SECONDS = 5;

/** A merchant that takes every request and never answers, among others who are well. */
export const noisyNeighbour: FaultRow = {
  number: 36,
  group: 'C',
  fault: '1 of 50 merchants hangs on every request',
  bar: `others' p99 ${withinText(BAR)}`,
  short: false,
  async run(surroundings) {
    const market = await openMarket(surroundings, {
      merchants: MERCHANTS,
      perSecond: 100,
      settings: { DELIVERY_CONCURRENCY: String(SLOTS) },
    });
    const { receiver, measure } = market;
    const turns = await inTurns({
      turns: 3,
      baseline: () => measure(SECONDS, { except: HANGING }),
      async fault() {
        await receiver.call('hang', HANGING);
        const p99 = await measure(SECONDS, { except: HANGING });
        await receiver.call('hang', null);
        return p99;
      },
    });
    const { hung } = await receiver.call('counts', undefined);
    return {
      met: isWithin(BAR, turns) && hung > 0,
      figure: `${describeTurns(turns)}, ${hung} requests hung`,
      figures: { ...figuresOf(turns), requests_hung: hung },
    };
  },
};
