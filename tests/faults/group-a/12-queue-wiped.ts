import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { subscribe } from '../../parties/onboarding.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge, together } from '../judge.ts';
import { BOUNDED, IN_FLIGHT } from './own-dispatchers.ts';
import { withRedis } from './with-redis.ts';

const MERCHANT = 'm_wiped';
/** Two that fail once, one with a rate limit, one that is disabled. */
const RECIPIENTS = 4;
const RETRY_AFTER_S = 15;
const RATE_LIMIT_PER_S = 60;
/** One sweep of the deliveries, and half a minute. */
const WHOLE_WITHIN_MS = 35_000;

/** Redis as it is after `FLUSHALL`, or after it came back empty. */
export const queueWiped: FaultRow = {
  number: 12,
  group: 'A',
  fault: 'FLUSHALL over 5,000 deliveries: some retrying, some waiting for their rate limit, some held',
  bar: `lost 0, twice at most those in flight (${IN_FLIGHT}), whole within one sweep + 30 s; what was held is held, and goes out once enabled`,
  short: true,
  async run({ short, openWorld }) {
    const deliveries = short ? 300 : 5_000;
    const events = deliveries / RECIPIENTS;
    const world = await openWorld(BOUNDED);
    const retryPolicy = { delays_s: [short ? 3 : RETRY_AFTER_S, 3, 3] };
    const failing = await openShops(
      world,
      MERCHANT,
      ['wiped-failing', 'wiped-failing-too'],
      { retry_policy: retryPolicy },
      { kind: 'fail_then_ok', times: 1 },
    );
    const addShop = async (name: string, subscription: object) => {
      const receiver = await world.receiver(name);
      const { id: subscriptionId } = await subscribe(failing.api, receiver, subscription);
      return { name, subscriptionId, merchantIds: [MERCHANT], receipts: receiver.receipts };
    };
    const waiting = await addShop('wiped-waiting', { rate_limit_per_s: RATE_LIMIT_PER_S });
    const disabled = await addShop('wiped-disabled', {});
    const disabledPath = `/v1/subscriptions/${disabled.subscriptionId}`;
    await failing.api.post(`${disabledPath}/disable`, { reason: 'row 12' });
    const all = [...failing.recipients, waiting, disabled];
    const held = async () => {
      const filter = { subscription_id: disabled.subscriptionId, status: 'held' };
      return (await failing.api.list<DeliveryBody>('/v1/deliveries', filter)).length;
    };

    const sender = openSender();
    await inLanes(events, 32, (index) =>
      sender.postUntilTaken(failing.account, stripePayment(`wiped${index}`, failing.account.secret)),
    );
    const requests = () => failing.recipients.reduce((sum, { receipts }) => sum + receipts.length, 0);
    await eventually(() => requests() >= 2 * events, { what: 'first attempts', deadlineMs: 120_000 });
    const open = 4 * events - waiting.receipts.length - Math.max(0, requests() - 2 * events);
    await withRedis(world.stack.stores.redis.url, (client) => client.flushall());
    const wipedAt = performance.now();
    await eventually(() => requests() >= 4 * events && waiting.receipts.length >= events, {
      what: 'everything that was on its way',
      deadlineMs: 120_000,
      intervalMs: 50,
    });
    const wholeMs = performance.now() - wipedAt;
    const heldThen = await held();
    await failing.api.post(`${disabledPath}/enable`);
    const finding = await judge(world, { acked: sender.acked, recipients: all, maxDuplicates: IN_FLIGHT });
    return together(finding, {
      met: (short || wholeMs <= WHOLE_WITHIN_MS) && heldThen === events,
      figure: `${open} of ${4 * events} open when wiped, ${heldThen} of them held; the others delivered ${(wholeMs / 1_000).toFixed(1)} s later, retries due within ${retryPolicy.delays_s[0]} s of them`,
      figures: { open_when_wiped: open, held: heldThen, whole_ms: wholeMs },
    });
  },
};
