import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { startReplicaSet, whyNoReplicaSet } from './replica-set.ts';

/**
 * The primary goes on alone while both others stand still, then dies, and they go on without what only it had: that is rolled
 * back when it returns. What was acknowledged was written to a majority; a mark written with `w: 1` shows the difference.
 */
export const rollback: FaultRow = {
  number: 28,
  group: 'B',
  fault: 'What only the primary had is rolled back',
  bar: 'lost 0 (a write with w:1 is lost in the same run)',
  short: false,
  obstacle: whyNoReplicaSet,
  async run({ openWorld, onEnd }) {
    const set = await startReplicaSet(onEnd);
    const world = await openWorld({ MONGO_URL: set.url });
    const { account, recipients } = await openShops(world, 'm_rollback', ['rollback-shop']);
    const sender = openSender();
    const post = (name: string) => sender.post(account, stripePayment(name, account.secret));
    await inLanes(200, 16, async (index) => void (await post(`before${index}`)));

    const primary = await set.primary();
    const others = set.ports().filter((port) => port !== primary);
    for (const port of others) set.signal(port, 'SIGSTOP');
    const alone = await set.member(primary);
    const marks = alone.db('owngateway').collection<{ _id: string }>('rollback_marks');
    await marks.insertOne({ _id: 'w1' }, { writeConcern: { w: 1 } });
    await Promise.all(Array.from({ length: 20 }, (_, index) => post(`alone${index}`)));
    set.signal(primary, 'SIGKILL');
    for (const port of others) set.signal(port, 'SIGCONT');
    await set.primary();
    await set.restart(primary);

    await inLanes(200, 16, (index) =>
      sender.postUntilTaken(account, stripePayment(`after${index}`, account.secret), 120_000),
    );
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 200 });
    const now = await set.member(await set.primary());
    const isLost = await eventually(
      async () =>
        (await now.db('owngateway').collection<{ _id: string }>('rollback_marks').findOne({ _id: 'w1' })) === null,
      { what: 'the rollback', deadlineMs: 30_000 },
    ).catch(() => false);
    return {
      met: found.met && isLost === true,
      figure: `${found.figure}; the mark with w:1 was ${isLost ? 'lost' : 'kept, so nothing was rolled back'}`,
      figures: { ...found.figures, w1_lost: isLost === true },
    };
  },
};
