import { createRedisConnection } from '@owngateway/queue';
import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

const DELIVERY_CONCURRENCY = 100;

/** Redis as it is after `FLUSHALL`, or after it came back empty. */
export const queueWiped: FaultRow = {
  number: 12,
  group: 'A',
  fault: 'FLUSHALL while events flow and some wait for a retry',
  bar: 'lost 0, twice at most those in flight',
  short: true,
  async run({ short, openWorld }) {
    const notifications = short ? 300 : 2_000;
    const world = await openWorld({ DELIVERY_CONCURRENCY: String(DELIVERY_CONCURRENCY) });
    const { account, recipients } = await openShops(
      world,
      'm_wiped',
      ['wiped-well', 'wiped-failing'],
      { retry_policy: { delays_s: [2, 2, 2] } },
      { kind: 'fail_then_ok', times: 1 },
    );
    const received = () => recipients.reduce((sum, { receipts }) => sum + receipts.length, 0);
    const sender = openSender();
    const sending = inLanes(notifications, 32, (index) =>
      sender.postUntilTaken(account, stripePayment(`wiped${index}`, account.secret)),
    );
    await eventually(() => received() >= notifications, { what: 'half of the first attempts', deadlineMs: 120_000 });
    const redis = createRedisConnection(world.stack.stores.redis.url, 'worker');
    await redis.flushall();
    redis.disconnect();
    await sending;
    return await judge(world, { acked: sender.acked, recipients, maxDuplicates: DELIVERY_CONCURRENCY });
  },
};
