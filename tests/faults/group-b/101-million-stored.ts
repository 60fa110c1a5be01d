import { deliveryIdOf, newId } from '@owngateway/domain';
import { type DeliveryRecord, openStore, type Store } from '@owngateway/store';
import type { Collection } from 'mongodb';
import { openShops } from '../../e2e/stories/shops.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { judge } from '../judge.ts';
import { aStoredDelivery } from './stored-delivery.ts';

/** `FAULTS_STORED=1000000` takes the full number (two minutes on the embedded server). */
const STORED = Number(process.env.FAULTS_STORED ?? 200_000);
const CHUNK = 5_000;
const ROUNDS = 15;
/** An index finds nothing among a million as quickly as among none; a scan takes seconds. */
const BAR_RATIO = 3;
const FLOOR_MS = 15;

/** What one sweep asks the database, beside many deliveries that have ended. */
export const millionStored: FaultRow = {
  number: 101,
  group: 'B',
  fault: `${STORED.toLocaleString('en')} ended deliveries are stored; the sweeper looks for late ones`,
  bar: `every look of the sweeper takes as long as among none (at most ${BAR_RATIO} x or ${FLOOR_MS} ms)`,
  short: false,
  async run({ openWorld, onEnd }) {
    const world = await openWorld();
    const { account, recipients } = await openShops(world, 'm_many', ['many-shop']);
    const store = await openStore({
      mongoUrl: world.stack.stores.mongo.url,
      encryptionKeys: [{ version: 1, key: Buffer.alloc(32) }],
      appName: 'faults',
    });
    onEnd(() => store.close());
    const before = await looks(store);
    const database = await openDatabase(world, onEnd);
    await fill(database.collection<DeliveryRecord>('deliveries'));
    const after = await looks(store);
    const sender = openSender();
    await inLanes(500, 16, (index) => sender.postUntilTaken(account, stripePayment(`many${index}`, account.secret)));
    const found = await judge(world, { acked: sender.acked, recipients, maxDuplicates: 0 });
    const slow = Object.entries(after).filter(
      ([name, ms]) => ms > Math.max(FLOOR_MS, BAR_RATIO * (before[name] ?? Number.POSITIVE_INFINITY)),
    );
    const show = (times: Record<string, number>) =>
      Object.entries(times)
        .map(([name, ms]) => `${name} ${ms.toFixed(1)}`)
        .join(', ');
    return {
      met: found.met && slow.length === 0,
      figure: `ms among none: ${show(before)}; among ${STORED}: ${show(after)}; then ${found.figure}`,
      figures: { ...found.figures, stored: STORED, ...after },
    };
  },
};

/** The median of what each of the sweeper's looks takes, in ms. */
async function looks({ deliveries, events }: Store): Promise<Record<string, number>> {
  const olderThan = new Date();
  const asks: Record<string, () => Promise<unknown>> = {
    late_deliveries: () => deliveries.findDue({ olderThan, after: null, limit: 1_000 }),
    held: () => deliveries.subscriptionsWithHeld(100_000),
    late_events: () => events.findAwaitingFanOut({ lane: 'events', olderThan, limit: 10_000 }),
  };
  const medians: Record<string, number> = {};
  for (const [name, ask] of Object.entries(asks)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      await ask();
      times.push(performance.now() - startedAt);
    }
    medians[name] = times.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
  }
  return medians;
}

async function fill(deliveries: Collection<DeliveryRecord>): Promise<void> {
  const at = new Date(Date.now() - 3_600_000);
  for (let done = 0; done < STORED; done += CHUNK) {
    const chunk = Array.from({ length: Math.min(CHUNK, STORED - done) }, () => {
      const event_id = newId('evt');
      return aStoredDelivery(deliveryIdOf(event_id, 'sub_stored'), at, {
        event_id,
        status: 'delivered',
        completed_at: at,
        attempts_made: 1,
        attempts_total: 1,
        last_outcome: 'delivered',
      });
    });
    await deliveries.insertMany(chunk, { ordered: false });
  }
}
