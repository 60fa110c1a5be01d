import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { startReplicaSet, whyNoReplicaSet } from './replica-set.ts';

const NOTIFICATIONS = 2_000;

/** The primary steps down under load, with a secondary that stands still (Stripe, July 2019). */
export const primaryStepsDown: FaultRow = {
  number: 27,
  group: 'B',
  fault: 'The primary steps down while a secondary stands still',
  bar: 'lost 0, taken again within 30 s',
  short: false,
  obstacle: whyNoReplicaSet,
  async run({ openWorld, onEnd }) {
    const set = await startReplicaSet(onEnd);
    const world = await openWorld({ MONGO_URL: set.url });
    const { account, recipients } = await openShops(world, 'm_primary', ['primary-shop']);
    const sender = openSender();
    const sending = inLanes(NOTIFICATIONS, 32, (index) =>
      sender.postUntilTaken(account, stripePayment(`primary${index}`, account.secret), 120_000),
    );
    await eventually(() => sender.acked.length >= NOTIFICATIONS / 3, { what: 'a third', deadlineMs: 60_000 });
    const primary = await set.primary();
    const frozen = set.ports().find((port) => port !== primary) ?? 0;
    const client = await set.member(primary);
    await client
      .db('admin')
      .command({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 5 })
      .catch(() => undefined);
    set.signal(frozen, 'SIGSTOP');
    const ackedThen = sender.acked.length;
    const downAt = performance.now();
    const back = eventually(() => sender.acked.length > ackedThen, { what: 'taken again', deadlineMs: 60_000 });
    await back;
    const backAfterMs = Math.round(performance.now() - downAt);
    set.signal(frozen, 'SIGCONT');
    await sending;
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 200 });
    return {
      met: found.met && backAfterMs < 30_000,
      figure: `${found.figure}; taken again after ${backAfterMs} ms`,
      figures: { ...found.figures, back_after_ms: backAfterMs },
    };
  },
};
