import { eventually } from '../../parties/eventually.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

/** No memory left, and nothing may be evicted. */
export const redisFull: FaultRow = {
  number: 17,
  group: 'A',
  fault: 'Redis full (noeviction) under load, then with room again',
  bar: `every notification answered 2xx or 503, acknowledged lost 0, twice at most those in flight (${IN_FLIGHT}), no crash`,
  short: true,
  async run({ short, openWorld }) {
    const world = await openWorld(BOUNDED);
    const { redis } = world.stack.stores;
    const before = world.stack.pids();
    const notifications = short ? 200 : 1_500;
    const traffic = await startTraffic(world, {
      name: 'full',
      notifications,
      perSecond: 100,
      mode: { kind: 'fail_then_ok', times: 1 },
      subscription: { retry_policy: { delays_s: [1, 1, 1] } },
    });
    await traffic.untilRequests(notifications / 4);
    await withRedis(redis.url, (client) => client.config('SET', 'maxmemory', '1mb'));
    const takenBefore = traffic.acked.length;
    await eventually(() => traffic.acked.length >= takenBefore + notifications / 4, {
      what: 'notifications taken while Redis is full',
      deadlineMs: 60_000,
    });
    const refusals = await withRedis(redis.url, async (client) => {
      const info = await client.info('errorstats');
      return Number(/^errorstat_OOM:count=(\d+)/m.exec(info)?.[1] ?? 0);
    });
    await withRedis(redis.url, (client) => client.config('SET', 'maxmemory', '0'));
    await traffic.sent;
    const finding = await judge(world, { ...traffic, maxDuplicates: IN_FLIGHT });
    const after = world.stack.pids();
    const crashed = Object.keys(before).filter(
      (name) => after[name as keyof typeof after] !== before[name as keyof typeof before],
    );
    const others = [...traffic.answers.keys()].filter((status) => status !== 200 && status !== 503);
    return together(finding, {
      met: crashed.length === 0 && others.length === 0 && refusals > 0,
      figure: `${refusals} commands refused by Redis, crashes ${crashed.length}`,
      figures: { refused_by_redis: refusals, crashes: crashed.length, other_answers: others.join(' ') },
    });
  },
};
