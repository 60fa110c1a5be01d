import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';

const NOTIFICATIONS = 2_000;
const DELIVERY_CONCURRENCY = 100;
const KILLS_AT = [400, 1_200];

/** MongoDB ends without notice, twice, while notifications come in and go out. */
export const storeKilled: FaultRow = {
  number: 23,
  group: 'B',
  fault: 'MongoDB killed -9 twice while notifications come in',
  bar: 'no 2xx while it is away, lost 0, twice at most those in flight',
  // tests/e2e/stories/killed-stores.ts tells the same in small.
  short: false,
  async run({ openWorld }) {
    const world = await openWorld({ DELIVERY_CONCURRENCY: String(DELIVERY_CONCURRENCY) });
    const { mongo } = world.stack.stores;
    const { account, recipients } = await openShops(world, 'm_store', ['store-shop']);
    const sender = openSender();
    const meanwhile = openSender();
    const sending = inLanes(NOTIFICATIONS, 32, (index) =>
      sender.postUntilTaken(account, stripePayment(`store${index}`, account.secret), 120_000),
    );
    for (const at of KILLS_AT) {
      await eventually(() => sender.acked.length >= at, { what: `${at} taken`, deadlineMs: 90_000, intervalMs: 5 });
      await mongo.kill9();
      const posts = [1, 2, 3, 4, 5].map((index) =>
        meanwhile.post(account, stripePayment(`away${at}x${index}`, account.secret)),
      );
      await Promise.all(posts);
      await mongo.restart();
    }
    await sending;
    const found = await judge(world, {
      acked: sender.acked,
      recipients,
      maxDuplicates: KILLS_AT.length * DELIVERY_CONCURRENCY,
    });
    const acknowledgedWhileAway = meanwhile.acked.length;
    return {
      met: found.met && acknowledgedWhileAway === 0,
      figure: `${found.figure}; acknowledged while it was away: ${acknowledgedWhileAway} of ${KILLS_AT.length * 5}`,
      figures: { ...found.figures, acknowledged_while_away: acknowledgedWhileAway },
    };
  },
};
