import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { startTraffic } from '../traffic.ts';
import { BOUNDED, IN_FLIGHT, ownDispatchers } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

const KILLS = 6;

/** BullMQ by itself gives a job up at its second crash. */
export const jobKilledRepeatedly: FaultRow = {
  number: 2,
  group: 'A',
  fault: `every worker that begins one event is killed, ${KILLS} times`,
  bar: 'the event is delivered, lost 0',
  short: false,
  async run({ openWorld }) {
    const world = await openWorld(BOUNDED);
    const [first] = await ownDispatchers(world, 1);
    const { account, recipients, receivers } = await openShops(world, 'm_fatal', ['fatal'], {}, { kind: 'hang' });
    const [receiver] = receivers;
    const others = await startTraffic(world, { name: 'beside', notifications: 300, perSecond: 10 });
    const sender = openSender();
    await sender.postUntilTaken(account, stripePayment('fatal', account.secret));
    let dispatcher = first;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await eventually(() => (receiver?.receipts.length ?? 0) >= kill, {
        what: `the event sent for the ${kill}. time`,
        deadlineMs: 60_000,
        intervalMs: 10,
      });
      dispatcher?.kill('SIGKILL');
      await dispatcher?.ended;
      if (kill === KILLS && receiver !== undefined) receiver.mode = { kind: 'ok' };
      await hurryStalledCheck(world.stack.stores.redis.url);
      dispatcher = await world.addReplica('dispatcher');
    }
    await others.sent;
    return await judge(world, {
      acked: [...sender.acked, ...others.acked],
      recipients: [...recipients, ...others.recipients],
      maxDuplicates: KILLS * IN_FLIGHT,
    });
  },
};

/** Lets the lock of the dead worker run out now and not after 15 s; six times that would make this row the longest of all. */
async function hurryStalledCheck(redisUrl: string): Promise<void> {
  await withRedis(redisUrl, async (redis) => {
    for await (const keys of redis.scanStream({ count: 1_000 })) {
      const due = (keys as string[]).filter((key) => key.endsWith(':lock') || key.endsWith(':stalled-check'));
      if (due.length > 0) await redis.unlink(...due);
    }
  });
}
