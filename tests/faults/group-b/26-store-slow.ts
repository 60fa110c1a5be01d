import { latenciesOf } from '../../../bench/measure/percentiles.ts';
import { openShops } from '../../e2e/stories/shops.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { addIngressBehindProxy } from './ingress-behind-proxy.ts';

const PER_S = 100;
const SECONDS = 10;
const DELAY_MS = 100;

/** Every command of ingress and dispatcher takes 200 ms longer: another data centre, a disk that is worn out. */
export const storeSlow: FaultRow = {
  number: 26,
  group: 'B',
  fault: `MongoDB ${2 * DELAY_MS} ms away from ingress and dispatcher, at ${PER_S}/s`,
  bar: 'at least half of what comes is taken at once, lost 0, twice 0',
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_slow', ['slow-shop']);
    const { proxy, at } = await addIngressBehindProxy(world, onEnd);
    await world.addReplica('dispatcher', { MONGO_URL: proxy.url });
    await world.stack.services.dispatcher.stop();
    const to = at(account);
    const sender = openSender();
    proxy.spoil({ delayMs: DELAY_MS });
    const waits: number[] = [];
    const posts: Promise<unknown>[] = [];
    const startedAt = performance.now();
    for (let index = 0; index < PER_S * SECONDS; index += 1) {
      const due = startedAt + (index * 1_000) / PER_S;
      const restMs = due - performance.now();
      if (restMs > 1) await new Promise((resolve) => setTimeout(resolve, restMs));
      const sentAt = performance.now();
      posts.push(
        sender.post(to, stripePayment(`slow${index}`, to.secret)).then(() => waits.push(performance.now() - sentAt)),
      );
    }
    await Promise.all(posts);
    const share = sender.acked.length / (PER_S * SECONDS);
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 0 });
    const p99 = latenciesOf(waits).p99_ms ?? Number.POSITIVE_INFINITY;
    return {
      met: found.met && share >= 0.5,
      figure: `${found.figure}; taken ${(share * 100).toFixed(1)} %, p99 ${p99} ms`,
      figures: { ...found.figures, taken_share: share, p99_ms: p99 },
    };
  },
};
