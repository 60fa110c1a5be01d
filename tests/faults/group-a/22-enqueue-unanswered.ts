import { setTimeout as pause } from 'node:timers/promises';
import { startFaultProxy } from '../fault-proxy.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

/** An add that Redis carries out and ingress never hears of: it may only be repeated, or left to the sweeper. */
export const enqueueUnanswered: FaultRow = {
  number: 22,
  group: 'A',
  fault: 'Redis carries out adds and its answers are lost on the way to ingress',
  bar: 'lost 0, twice 0',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld(BOUNDED);
    const proxy = await startFaultProxy(world.stack.stores.redis.url);
    onEnd(() => proxy.close());
    const ingress = await world.addReplica('ingress', { REDIS_URL: proxy.url });
    const rounds = short ? 3 : 10;
    const traffic = await startTraffic(world, {
      name: 'unheard',
      notifications: rounds * 100,
      perSecond: 100,
      ingressUrl: ingress.url,
    });
    const before = await added(world.stack.stores.redis.url);
    for (let round = 0; round < rounds; round += 1) {
      await traffic.untilRequests(round * 100 + 20);
      proxy.spoil({ dropReplies: true });
      await pause(300);
      // Whoever waits for an answer is told that there will be none, and connects again.
      proxy.spoil({});
      proxy.cut();
    }
    await traffic.sent;
    const finding = await judge(world, { ...traffic, maxDuplicates: 0 });
    const jobs = (await added(world.stack.stores.redis.url)) - before;
    return together(finding, {
      met: [...traffic.answers.keys()].every((status) => status === 200),
      figure: `${rounds} times, ${jobs} jobs added`,
      figures: { rounds, jobs_added: jobs },
    });
  },
};

/** Jobs that were ever added to the queue of events. */
async function added(redisUrl: string): Promise<number> {
  return await withRedis(redisUrl, async (redis) => Number((await redis.get('owngateway:{events}:id')) ?? 0));
}
