import { createRedisConnection } from '@owngateway/queue';
import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { World } from '../open-world.ts';
import { openShops } from './shops.ts';

const NOTIFICATIONS = 2_000;
const LANES = 32;
const KILLS_AT = [300, 900, 1_500];
const FLUSH_AT = 1_200;

/** The worst that may happen to the dispatcher and its queue. */
export function killedDispatcherStory(world: () => World, concurrency: number): void {
  test('2,000 notifications while the dispatcher is killed three times and Redis is wiped once: none lost, none twice but those in flight', async () => {
    const { operator, stack } = world();
    const { account, recipients } = await openShops(world(), 'm_killed', ['killed-one', 'killed-two']);
    const received = () => recipients.reduce((sum, { receipts }) => sum + receipts.length, 0);
    const after = (count: number) =>
      eventually(() => received() >= count * recipients.length, {
        what: `${count} deliveries to each`,
        deadlineMs: 40_000,
        intervalMs: 10,
      });
    const sender = openSender();
    const sending = inLanes(NOTIFICATIONS, LANES, (index) =>
      sender.postUntilTaken(account, stripePayment(`killed${index}`, account.secret)),
    );

    let kills = 0;
    for (const at of [...KILLS_AT, FLUSH_AT].sort((one, other) => one - other)) {
      await after(at);
      if (at === FLUSH_AT) await wipe(stack.stores.redis.url);
      else {
        const { pid } = stack.services.dispatcher;
        stack.services.dispatcher.kill('SIGKILL');
        await eventually(() => ![null, pid].includes(stack.services.dispatcher.pid), { what: 'a new dispatcher' });
        kills += 1;
      }
    }
    await sending;

    const run = await gatherRun({ operator, acked: sender.acked, recipients, deadlineMs: 60_000 });
    const verdict = checkInvariants(run, { maxDuplicates: KILLS_AT.length * concurrency });
    expect({ ...verdict, duplicates: 0 }).toEqual({
      violationCount: 0,
      lost: 0,
      violations: [],
      duplicates: 0,
      delivered: NOTIFICATIONS * recipients.length,
      deadLettered: 0,
    });
    expect(kills).toBe(KILLS_AT.length);
    // What was delivered is known as delivered, and as nothing else.
    expect(run.deliveries.filter(({ status }) => status !== 'delivered')).toEqual([]);
  });
}

async function wipe(redisUrl: string): Promise<void> {
  const redis = createRedisConnection(redisUrl, 'worker');
  await redis.flushall();
  redis.disconnect();
}
