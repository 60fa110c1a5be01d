import { openShops } from '../../e2e/stories/shops.ts';
import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { inLanes, openSender } from '../../parties/sender.ts';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';

const OPEN: DeliveryBody['status'][] = ['pending', 'retrying', 'held'];

/**
 * Somebody's script went over the collections: every time is in 1970 and optional fields are gone. Hookdeck's events were once
 * taken for expired that way (October 2022).
 */
export const badMigration: FaultRow = {
  number: 29,
  group: 'B',
  fault: 'A migration sets every time to 1970 and drops optional fields, under waiting and held deliveries',
  bar: 'as many undelivered as before, nothing aged out, all delivered in the end',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const notifications = short ? 60 : 600;
    const world = await openWorld({ RETENTION_DAYS: '1', DEDUPE_DAYS: '45' });
    const { api, account, recipients } = await openShops(
      world,
      'm_migrated',
      ['migrated-waiting', 'migrated-held'],
      { retry_policy: { delays_s: [3_600, 3_600] } },
      { kind: 'fail_then_ok', times: 1 },
    );
    const held = recipients[1]?.subscriptionId;
    const switchTo = (what: 'disable' | 'enable') =>
      api.post(`/v1/subscriptions/${held}/${what}`, { reason: 'row 29' });
    await switchTo('disable');
    const sender = openSender();
    await inLanes(notifications, 16, (index) =>
      sender.postUntilTaken(account, stripePayment(`migrated${index}`, account.secret)),
    );
    const open = async () => {
      const deliveries = await api.list<DeliveryBody>('/v1/deliveries');
      return deliveries.filter(({ status }) => OPEN.includes(status));
    };
    const before = 2 * notifications;
    await eventually(async () => (await open()).length === before, { what: 'all open', deadlineMs: 60_000 });

    const { dispatcher } = world.stack.services;
    await dispatcher.stop();
    const database = await openDatabase(world, onEnd);
    const epoch = new Date(0);
    await database.collection('deliveries').updateMany(
      {},
      {
        $set: { created_at: epoch, round_started_at: epoch },
        $unset: { held_back_by: '', last_outcome: '', completed_at: '' },
      },
    );
    await database
      .collection('events')
      .updateMany({}, { $set: { created_at: epoch, occurred_at: epoch }, $unset: { references: '' } });
    await dispatcher.restart();
    // Its first sweep begins by the lease; retention is part of it.
    await eventually(async () => (await database.collection('leases').countDocuments()) > 0, {
      what: 'a sweep',
      deadlineMs: 30_000,
    });
    const after = (await open()).length;
    const bodies = await database
      .collection('events')
      .countDocuments({ merchant_id: 'm_migrated', body: { $type: 'string' } });

    for (const { id, status } of await open())
      if (status === 'retrying') await api.post(`/v1/deliveries/${id}/replay`, {});
    await switchTo('enable');
    const delivered = () =>
      recipients
        .map(
          ({ receipts }) => new Set(receipts.filter(({ answered }) => answered === 200).map((it) => it.eventId)).size,
        )
        .reduce((sum, size) => sum + size, 0);
    // The held ones fail once, as all do here, and are then an hour away; the same replay brings them in.
    await eventually(
      async () => {
        for (const { id, status } of await open())
          if (status === 'retrying') await api.post(`/v1/deliveries/${id}/replay`, {});
        return delivered() === before;
      },
      { what: 'all delivered', deadlineMs: 120_000, intervalMs: 500 },
    ).catch(() => undefined);
    return {
      met: after === before && bodies === notifications && delivered() === before,
      figure: `undelivered ${before} before, ${after} after; bodies kept ${bodies} of ${notifications}; delivered in the end ${delivered()}`,
      figures: { before, after, bodies, delivered: delivered() },
    };
  },
};
