import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { World } from '../open-world.ts';
import { openShops } from './shops.ts';

const NOTIFICATIONS = 300;
const LANES = 16;

/** Stores that are killed and come back. */
export function killedStoresStory(world: () => World, concurrency: number): void {
  test('while MongoDB is down nothing is acknowledged; what was acknowledged around it is all delivered', async () => {
    const { operator, stack } = world();
    const { mongo } = stack.stores;
    const { account, recipients } = await openShops(world(), 'm_mongo', ['mongo-shop']);
    const sender = openSender();
    let sent = 0;
    const sending = inLanes(NOTIFICATIONS, LANES, async (index) => {
      await sender.postUntilTaken(account, stripePayment(`mongo${index}`, account.secret));
      sent += 1;
    });
    await eventually(() => sent >= NOTIFICATIONS / 3, { what: 'a third of the notifications', intervalMs: 5 });
    await mongo.kill9();

    // These are posted and answered while it is certainly away.
    const meanwhile = openSender();
    const answers = await Promise.all(
      [1, 2, 3].map((index) => meanwhile.post(account, stripePayment(`down${index}`, account.secret))),
    );
    expect(answers.filter((status) => status !== null && status < 500)).toEqual([]);
    expect(meanwhile.acked).toEqual([]);

    await mongo.restart();
    await sending;
    // Some were under way when it went, and were told so.
    expect([...sender.answers.keys()].some((status) => status !== 200)).toBe(true);
    const run = await gatherRun({ operator, acked: sender.acked, recipients, deadlineMs: 60_000 });
    expect({ ...checkInvariants(run, { maxDuplicates: concurrency }), duplicates: 0 }).toEqual({
      violationCount: 0,
      lost: 0,
      violations: [],
      duplicates: 0,
      delivered: NOTIFICATIONS,
      deadLettered: 0,
    });
  });

  test('while Redis is down ingress still takes notifications, and all of them are delivered once it is back', async () => {
    const { operator, stack } = world();
    const { redis } = stack.stores;
    const { account, recipients } = await openShops(world(), 'm_redis', ['redis-shop']);
    const sender = openSender();
    await redis.kill9();
    await inLanes(NOTIFICATIONS, LANES, (index) =>
      sender.postUntilTaken(account, stripePayment(`redis${index}`, account.secret), 10_000),
    );
    expect([...sender.answers.keys()]).toEqual([200]);
    await redis.restart();

    const run = await gatherRun({ operator, acked: sender.acked, recipients, deadlineMs: 60_000 });
    expect(checkInvariants(run, { maxDuplicates: 0 })).toEqual({
      violationCount: 0,
      lost: 0,
      violations: [],
      duplicates: 0,
      delivered: NOTIFICATIONS,
      deadLettered: 0,
    });
  });
}
