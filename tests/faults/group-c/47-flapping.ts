import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { Receipt } from '../../parties/receiver.ts';
import { openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

/** Half of the requests get a 500, half get no answer: six of each in turn, so that the first probe fails too. */
const TURN = 6;
const OPENS_AFTER = 5;
const TIMEOUT_MS = 1_000;
/** How long the breaker stays open, first and after a probe without answer. */
const WINDOWS_MS = [10_000, 20_000];
/** Of the receiver's clock and of ours. */
const TOLERANCE_MS = 500;
const NOTIFICATIONS = 12;

export const flapping: FaultRow = {
  number: 47,
  group: 'C',
  fault: '50 % of the requests get a 500, 50 % no answer',
  bar: 'the breaker opens, half-opens and closes; 1 probe per window; nothing lost',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld();
    const shop = await openShops(
      world,
      'm_flapping',
      ['flapping'],
      // One at a time, so that what the receiver sees is the order in which the breaker hears of it.
      { max_in_flight: 1, timeout_ms: TIMEOUT_MS, retry_policy: { delays_s: Array(50).fill(1) } },
      { kind: 'in_turns', failing: TURN, silent: TURN },
    );
    const [receiver] = shop.receivers;
    if (receiver === undefined) throw new Error('there is no receiver');
    const sender = openSender();
    for (let index = 0; index < NOTIFICATIONS; index += 1)
      await sender.postUntilTaken(shop.account, stripePayment(`flap${index}`, shop.account.secret));

    // The second probe is answered again, with a 500: the endpoint is there.
    const probe = 2 * TURN;
    await eventually(() => receiver.receipts.length > probe, { what: 'the second probe', deadlineMs: 120_000 });
    await eventually(() => receiver.receipts.length > probe + 1, { what: 'that it closed', deadlineMs: 30_000 });
    receiver.mode = { kind: 'ok' };
    const waits = waitsBefore(receiver.receipts, [TURN + OPENS_AFTER, probe]);
    const closedAfterMs = timeOf(receiver.receipts, probe + 1) - timeOf(receiver.receipts, probe);
    const { met, figure, figures } = await judge(world, {
      acked: sender.acked,
      recipients: shop.recipients,
      maxDuplicates: 0,
    });
    const opened = waits.every((waitMs, index) => waitMs >= (WINDOWS_MS[index] ?? 0) - TOLERANCE_MS);
    return {
      met: met && opened && closedAfterMs < (WINDOWS_MS[0] ?? 0) / 2,
      figure: [
        `open ${waits.map((ms) => (ms / 1_000).toFixed(1)).join(' s and ')} s, 1 probe each`,
        `next request ${(closedAfterMs / 1_000).toFixed(1)} s after an answer`,
        figure,
      ].join(', '),
      figures: { ...figures, open_ms_1: waits[0] ?? null, open_ms_2: waits[1] ?? null, closed_after_ms: closedAfterMs },
    };
  },
};

/** How long nothing was sent before these requests, from the end of the silent one before each. */
function waitsBefore(receipts: readonly Receipt[], indexes: readonly number[]): number[] {
  return indexes.map((index) => timeOf(receipts, index) - timeOf(receipts, index - 1) - TIMEOUT_MS);
}

function timeOf(receipts: readonly Receipt[], index: number): number {
  return receipts[index]?.at.getTime() ?? Number.NaN;
}
