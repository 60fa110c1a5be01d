import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

const SHARE = 0.1;
/** BullMQ's own keys of a queue; everything else below it is a job. */
const OF_THE_QUEUE =
  /:(meta|id|wait|active|delayed|prioritized|marker|events|stalled|stalled-check|pc|failed|completed)$/;

/** Jobs whose content is gone while their ids stay in the lists, as after a damaged or partly evicted Redis. */
export const jobsMissing: FaultRow = {
  number: 13,
  group: 'A',
  fault: 'a tenth of all jobs deleted at random under load',
  bar: `lost 0, twice at most those in flight (${IN_FLIGHT})`,
  short: true,
  async run({ short, openWorld }) {
    const world = await openWorld(BOUNDED);
    const notifications = short ? 200 : 1_500;
    const traffic = await startTraffic(world, {
      name: 'holed',
      notifications,
      perSecond: 150,
      mode: { kind: 'fail_then_ok', times: 1, afterMs: 50 },
      subscription: { retry_policy: { delays_s: [2, 2, 2] } },
    });
    await traffic.untilRequests(notifications / 2);
    const { jobs, deleted } = await withRedis(world.stack.stores.redis.url, async (redis) => {
      const keys = (await redis.keys('*:{*}:*')).filter((key) => !OF_THE_QUEUE.test(key) && !key.endsWith(':lock'));
      const unlucky = keys.filter(() => Math.random() < SHARE);
      if (unlucky.length > 0) await redis.unlink(...unlucky);
      return { jobs: keys.length, deleted: unlucky.length };
    });
    await traffic.sent;
    return together(await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT }), {
      met: deleted > 0,
      figure: `${deleted} of ${jobs} jobs deleted`,
      figures: { jobs, deleted },
    });
  },
};
