import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import { openShops } from '../../e2e/stories/shops.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

const FROZEN_MS = 15_000;
/** A connector gives up after this at the earliest (Shopify 5 s, Adyen and GitHub 10 s). */
const BAR_MS = 5_000;

/** MongoDB takes connections and says nothing for a while: worse than a dead one. */
export const storeFrozen: FaultRow = {
  number: 25,
  group: 'B',
  fault: 'MongoDB frozen (SIGSTOP) for 15 s',
  bar: 'refused within 5 s (p99), never a 2xx without its write, lost 0, works at once afterwards',
  short: false,
  async obstacle() {
    return process.platform === 'win32' ? 'processes cannot be frozen on Windows' : null;
  },
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_frozen', ['frozen-shop']);
    const sender = openSender();
    const post = (name: string) => sender.post(account, stripePayment(name, account.secret));
    await inLanes(300, 16, async (index) => void (await post(`warm${index}`)));
    const ackedBefore = sender.acked.length;

    const pid = world.stack.stores.mongo.pid;
    if (pid === null) throw new Error('MongoDB does not run');
    const thaw = () => process.kill(pid, 'SIGCONT');
    onEnd(() => thaw());
    process.kill(pid, 'SIGSTOP');
    const until = performance.now() + FROZEN_MS;
    const waits: number[] = [];
    const statuses = new Map<number | null, number>();
    await Promise.all(
      Array.from({ length: 20 }, async (_, lane) => {
        for (let count = 0; performance.now() < until; count += 1) {
          const startedAt = performance.now();
          const status = await post(`frozen${lane}x${count}`);
          if (performance.now() < until) waits.push(performance.now() - startedAt);
          if (performance.now() < until) statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (status !== null) await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }),
    );
    const ackedWhileFrozen = sender.acked.length - ackedBefore;
    thaw();
    const thawedAt = performance.now();
    await sender.postUntilTaken(account, stripePayment('thawed', account.secret), 60_000);
    const backAfterMs = Math.round(performance.now() - thawedAt);
    await inLanes(200, 16, (index) =>
      sender.postUntilTaken(account, stripePayment(`after${index}`, account.secret), 60_000),
    );
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 200 });
    const p99 = latenciesOf(waits).p99_ms ?? Number.POSITIVE_INFINITY;
    const odd = [...statuses.keys()].filter((status) => status !== 503).length;
    return {
      met: found.met && ackedWhileFrozen === 0 && odd === 0 && p99 <= BAR_MS && backAfterMs <= BAR_MS,
      figure: `${found.figure}; ${waits.length} answers while frozen: ${[...statuses].map(([status, times]) => `${status ?? 'none'} x ${times}`).join(', ')}, p99 ${p99} ms; back after ${backAfterMs} ms`,
      figures: { ...found.figures, p99_ms: p99, back_after_ms: backAfterMs, acked_while_frozen: ackedWhileFrozen },
    };
  },
};
