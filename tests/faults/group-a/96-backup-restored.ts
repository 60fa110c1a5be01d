import { createQueueInspector, createRedisConnection } from '@owngateway/queue';
import type { Db, Document } from 'mongodb';
import type { World } from '../../e2e/open-world.ts';
import { openShops, type Shops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import type { Fact } from '../../parties/fact.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow, Finding } from '../fault-row.ts';
import { judge, together } from '../judge.ts';

/** Many enough that no retry ends before the row does. */
const RETRY_EVERY_3_S = { retry_policy: { delays_s: Array.from({ length: 40 }, () => 3) } };

/**
 * Row 96 of group H (operating), which stands with A because it is about the queues: MongoDB as it was some time ago, once
 * with a Redis that knows more, once with an empty one. What came after the snapshot is gone, that is what restoring means.
 */
export const backupRestored: FaultRow = {
  number: 96,
  group: 'A',
  fault: 'MongoDB restored from a snapshot, Redis once as it was, once empty',
  bar: 'what the snapshot knows: lost 0, delivered ones sent again 0, others twice at most once; no process dies; no job stays',
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const database = await openDatabase(world, onEnd);
    const shops = await openShops(world, 'm_restored', ['restored-well', 'restored-failing'], RETRY_EVERY_3_S);
    const [well, failing] = shops.receivers;
    if (well === undefined || failing === undefined) throw new Error('the receivers are missing');
    failing.mode = { kind: 'status', status: 500 };

    const known = await send(shops, 'known', 60);
    await atRest(database, 60);
    const snapshot = await dump(database);
    await send(shops, 'younger', 60);
    await atRest(database, 120);

    await world.stack.services.dispatcher.kill9();
    // Taken, but never fanned out: jobs of events that the snapshot does not know either.
    await send(shops, 'youngest', 20);
    await restore(database, snapshot);
    failing.mode = { kind: 'ok' };
    await world.stack.services.dispatcher.restart();
    const pids = world.stack.pids();
    const first = await look(world, shops, [...known, ...(await send(shops, 'first', 20))], 0);

    await world.stack.services.dispatcher.kill9();
    await restore(database, snapshot);
    await emptyRedis(world);
    await world.stack.services.dispatcher.restart();
    // The failing shop's had been delivered by now, which this snapshot does not know: those are sent a second time.
    const second = await look(world, shops, [...known, ...(await send(shops, 'second', 20))], known.length);

    const again = duplicatesOf(well.receipts.map(({ eventId }) => eventId));
    const { dispatcher: _restarted, ...others } = world.stack.pids();
    const isAlive = Object.entries(others).every(([name, pid]) => pids[name as keyof typeof others] === pid);
    return together(renamed(first, 'redis_kept'), renamed(second, 'redis_empty'), {
      met: again === 0 && isAlive,
      figure: `delivered ones sent again ${again}${isAlive ? '' : ', a process died'}`,
      figures: { delivered_sent_again: again, processes_alive: isAlive },
    });
  },
};

async function send({ account }: Shops, name: string, count: number): Promise<readonly Fact[]> {
  const sender = openSender();
  await inLanes(count, 16, (index) => sender.postUntilTaken(account, stripePayment(`${name}${index}`, account.secret)));
  return sender.acked;
}

/** Every event is fanned out and marked, the well shop's are delivered, the failing shop's wait for a retry. */
async function atRest(database: Db, events: number): Promise<void> {
  const isAtRest = async () => {
    // Counted here: a filter by one status alone may be answered from an index that holds only some of them.
    const deliveries = await database
      .collection('deliveries')
      .find({}, { projection: { status: 1 } })
      .toArray();
    const count = (status: string) => deliveries.filter((delivery) => delivery.status === status).length;
    const open = await database.collection('events').countDocuments({ awaiting_fan_out_since: { $exists: true } });
    return count('delivered') === events && count('retrying') === events && open === 0;
  };
  await eventually(isAtRest, { what: 'rest', deadlineMs: 60_000 });
}

type Snapshot = Map<string, Document[]>;

async function dump(database: Db): Promise<Snapshot> {
  const snapshot: Snapshot = new Map();
  for (const { name } of await database.listCollections().toArray()) {
    if (name.startsWith('system.')) continue;
    snapshot.set(name, await database.collection(name).find().toArray());
  }
  return snapshot;
}

async function restore(database: Db, snapshot: Snapshot): Promise<void> {
  for (const [name, documents] of snapshot) {
    await database.collection(name).deleteMany({});
    if (documents.length > 0) await database.collection(name).insertMany(documents);
  }
}

async function emptyRedis(world: World): Promise<void> {
  const redis = createRedisConnection(world.stack.stores.redis.url, 'worker');
  await redis.flushall();
  redis.disconnect();
}

/** The invariants, and that the queues are empty in the end: no job of something unknown goes round for ever. */
async function look(world: World, { recipients }: Shops, acked: readonly Fact[], maxDuplicates: number) {
  const before = recipients.map(({ receipts }) => receipts.length);
  const judged = await judge(world, { acked, recipients, maxDuplicates });
  const { REDIS_URL: redisUrl = '', QUEUE_PREFIX: prefix = '' } = world.stack.settings;
  const inspector = createQueueInspector({ redisUrl, prefix, shards: 1 });
  const jobs = async () =>
    Object.values(await inspector.depths()).reduce(
      (sum, { waiting, delayed, active }) => sum + waiting + delayed + active,
      0,
    );
  const left = await eventually(async () => (await jobs()) === 0, { what: 'empty queues', deadlineMs: 30_000 }).then(
    () => 0,
    jobs,
  );
  await inspector.close();
  const requests = recipients.reduce((sum, { receipts }, index) => sum + receipts.length - (before[index] ?? 0), 0);
  return together(judged, { met: left === 0, figure: `jobs left ${left}`, figures: { jobs_left: left, requests } });
}

function duplicatesOf(ids: readonly string[]): number {
  return ids.length - new Set(ids).size;
}

function renamed({ met, figure, figures }: Finding, pass: string): Finding {
  return {
    met,
    figure: `${pass.replace('_', ' ')}: ${figure}`,
    figures: Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${pass}_${name}`, value])),
  };
}
