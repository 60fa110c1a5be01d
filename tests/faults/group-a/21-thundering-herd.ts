import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { openReceiver, type Receiver } from '../../parties/receiver.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';

const MERCHANTS = 3;
const EVENTS_EACH = 100;

/** The configured peak: each subscription's own rate limit; the ramp reaches it after some ten seconds. */
const RATE_LIMIT_PER_S = 20;

/** A rate limit may send a second's worth at once after a pause. */
const HIGHEST_IN_A_SECOND = RATE_LIMIT_PER_S * 2;

/** The ramp begins with 5 requests a second; all that waits would otherwise come within the second. */
const HIGHEST_IN_THE_FIRST_SECOND = 12;

/** The breaker opens for 10 s, and what waits is spread over the next two. */
const DOWN_MS = 3_000;

/** Endpoints that refuse connections until their breakers are open, and then are all there again. */
export const thunderingHerd: FaultRow = {
  number: 21,
  group: 'A',
  fault: `${MERCHANTS} receivers refuse connections, ${EVENTS_EACH} events wait for each, then all are up at once`,
  bar: `first second at most ${HIGHEST_IN_THE_FIRST_SECOND} each, then more; peak at most the rate limit and its burst; times spread; equal shares; held_back_by ramp seen`,
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const shops = await Promise.all(
      Array.from({ length: MERCHANTS }, (_, n) =>
        openShops(world, `m_herd_${n}`, [`herd-${n}`], {
          rate_limit_per_s: RATE_LIMIT_PER_S,
          retry_policy: { delays_s: Array.from({ length: 20 }, () => 2) },
        }),
      ),
    );
    await Promise.all(shops.flatMap(({ receivers }) => receivers.map((one) => one.close())));
    const sender = openSender();
    await inLanes(MERCHANTS * EVENTS_EACH, 16, async (index) => {
      const { account } = shops[index % MERCHANTS] as (typeof shops)[number];
      await sender.postUntilTaken(account, stripePayment(`herd${index}`, account.secret));
    });
    await eventually(async () => (await heldBack('breaker')) >= MERCHANTS, {
      what: 'deliveries held back by breakers',
      deadlineMs: 30_000,
    });
    await new Promise((resolve) => setTimeout(resolve, DOWN_MS));

    const upAgain: Receiver[] = [];
    for (const { receivers } of shops) {
      const [down] = receivers as [Receiver];
      const receiver = await openReceiver(down.name, { kind: 'ok' }, Number(new URL(down.url).port));
      onEnd(() => receiver.close());
      upAgain.push(receiver);
    }
    let ramped = 0;
    await eventually(
      async () => {
        ramped = Math.max(ramped, await heldBack('ramp'));
        return upAgain.every(({ receipts }) => receipts.length >= EVENTS_EACH);
      },
      { what: 'everything delivered', deadlineMs: 120_000, intervalMs: 200 },
    );
    const herds = upAgain.map(({ receipts }) => herdOf(receipts.map(({ at }) => at.getTime())));
    const firstSecond = Math.max(...herds.map((herd) => herd.firstSecond));
    const peak = Math.max(...herds.map((herd) => herd.peak));
    const spread = Math.min(...herds.map((herd) => herd.spread));
    const halves = herds.map((herd) => herd.halfMs);
    // Everybody has half of theirs at about the same time after their own first.
    const fair = Math.max(...halves) / Math.min(...halves);
    return {
      met:
        firstSecond <= HIGHEST_IN_THE_FIRST_SECOND &&
        peak > firstSecond &&
        peak <= HIGHEST_IN_A_SECOND &&
        spread > 0 &&
        fair <= 2 &&
        ramped > 0,
      figure: `first second ${firstSecond}, peak ${peak}/s, coefficient of variation of the gaps ${spread.toFixed(2)}, half of each merchant's after ${halves.map((ms) => (ms / 1_000).toFixed(1)).join(', ')} s, up to ${ramped} held back by the ramp`,
      figures: {
        first_second: firstSecond,
        peak_per_s: peak,
        variation: spread,
        fairness: fair,
        held_back_by_ramp: ramped,
      },
    };

    async function heldBack(reason: string): Promise<number> {
      const waiting = await world.operator.list<DeliveryBody & { held_back_by: string | null }>('/v1/deliveries', {
        status: 'pending',
      });
      return waiting.filter((delivery) => delivery.held_back_by === reason).length;
    }
  },
};

/** What came to one endpoint, from its first request on. */
function herdOf(timesMs: readonly number[]) {
  const sorted = [...timesMs].sort((one, other) => one - other);
  const [first = 0] = sorted;
  const within = (fromMs: number) => sorted.filter((at) => at >= fromMs && at < fromMs + 1_000).length;
  const gaps = sorted.slice(1).map((at, index) => at - (sorted[index] ?? at));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  return {
    firstSecond: within(first),
    peak: Math.max(...sorted.map(within)),
    spread: deviation / mean,
    halfMs: (sorted[Math.floor(sorted.length / 2)] ?? first) - first,
  };
}
