import { join } from 'node:path';
import { repositoryRoot } from '@owngateway/local-stack';
import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { goCardlessPayments, type Notification, stripePayment } from '../../parties/notifications.ts';
import { type ConnectedAccount, connectAccount } from '../../parties/onboarding.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { countsOf } from './stored.ts';

const AT_ONCE = 50;
const IN_ALL = 1_000;
const BATCH = 5;
const LATER_MS = 6 * 60_000;
const PRELOAD = join(repositoryRoot, 'tests', 'faults', 'group-g', 'shift-clock.mjs');

/** One captured request again and again, in every way in which it could slip through as another one. */
export const repeatedCaptures: FaultRow = {
  number: 65,
  group: 'E',
  fault: `one notification ${IN_ALL} times at two processes, the first ${AT_ONCE} at once; again after a kill -9, and 6 min later`,
  bar: 'one event and one delivery of each fact; 6 min later refused where the time is signed',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const world = await openWorld();
    const { account: stripe, recipients } = await openShops(world, 'm_replay', ['replay']);
    const goCardless = await connectAccount(world.operator, 'm_replay', 'gocardless');
    const database = await openDatabase(world, onEnd);
    const second = await world.addReplica('ingress');
    const sender = openSender();
    const wrong: string[] = [];
    const send = async (one: Captured, url: string, wanted = one.acknowledged) => {
      const address = { ...one.account, url: one.account.url.replace(world.stack.ingressUrl, url) };
      const status = await sender.post(address, one.notification);
      if (status !== wanted) wrong.push(`${status ?? 'no answer'} instead of ${wanted}`);
    };
    const captured: readonly Captured[] = [
      { account: stripe, notification: stripePayment('replay', stripe.secret), acknowledged: 200, later: 401 },
      {
        account: goCardless,
        notification: goCardlessPayments('replay', BATCH, goCardless.secret),
        acknowledged: 204,
        // Signs no time: the id of each event does it.
        later: 204,
      },
    ];
    const facts = 1 + BATCH;

    for (const one of captured) {
      const urls = [world.stack.ingressUrl, second.url];
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => send(one, urls[index % 2] ?? '')));
      await inLanes((short ? 200 : IN_ALL) - AT_ONCE, AT_ONCE, (index) => send(one, urls[index % 2] ?? ''));
    }
    await world.stack.services.ingress.kill9();
    await world.stack.services.ingress.restart();
    for (const one of captured) await send(one, world.stack.ingressUrl);
    const clock = { NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK_SHIFT_MS: String(LATER_MS) };
    const later = await world.addReplica('ingress', clock);
    for (const one of captured) await send(one, later.url, one.later);

    // What was to be delivered twice would be on its way before this one.
    await sender.postUntilTaken(stripe, stripePayment('replaylast', stripe.secret));
    const receipts = recipients[0]?.receipts ?? [];
    await eventually(() => receipts.length >= facts + 1, { what: 'every event at the receiver', deadlineMs: 60_000 });
    const deliveries = await world.operator.list<DeliveryBody>('/v1/deliveries', { merchant_id: 'm_replay' });
    const { events } = await countsOf(database, 'm_replay');
    const received = receipts.length;
    return {
      met: wrong.length === 0 && [events, deliveries.length, received].every((count) => count === facts + 1),
      figure: [
        `${sender.durationsMs.length} requests about ${facts + 1} facts: events ${events}, deliveries ${deliveries.length}, received ${received}`,
        ...(wrong.length > 0 ? [`${wrong.length} wrong answers, first: ${wrong[0]}`] : []),
      ].join(', '),
      figures: {
        requests: sender.durationsMs.length,
        facts: facts + 1,
        events,
        deliveries: deliveries.length,
        received,
      },
    };
  },
};

interface Captured {
  account: ConnectedAccount;
  notification: Notification;
  /** The answer to it, and the answer to the same bytes six minutes later. */
  acknowledged: number;
  later: number;
}
