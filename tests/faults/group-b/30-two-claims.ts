import { randomUUID } from 'node:crypto';
import { newId } from '@owngateway/domain';
import { type DeliveryRecord, openStore } from '@owngateway/store';
import { openDatabase } from '../database.ts';
import type { FaultRow } from '../fault-row.ts';
import { aStoredDelivery } from './stored-delivery.ts';

const CLAIMERS = 5;
const LEASE_MS = 60_000;

/** Several dispatchers take the same delivery at the same moment (rule 7). */
export const twoClaims: FaultRow = {
  number: 30,
  group: 'B',
  fault: `${CLAIMERS} dispatchers claim the same delivery at once, 10,000 tries`,
  bar: 'one winner each: double claims 0, unclaimed 0',
  short: true,
  async run({ short, openWorld, onEnd }) {
    const count = short ? 200 : 10_000 / CLAIMERS;
    const world = await openWorld();
    await world.stack.services.dispatcher.stop();
    const open = async () => {
      const store = await openStore({
        mongoUrl: world.stack.stores.mongo.url,
        encryptionKeys: [{ version: 1, key: Buffer.alloc(32) }],
        appName: 'faults',
      });
      onEnd(() => store.close());
      return store;
    };
    const stores = await Promise.all(Array.from({ length: CLAIMERS }, open));
    const now = stores[0]?.clock.now() ?? new Date();
    const ids = Array.from({ length: count }, () => newId('dlv'));
    const database = await openDatabase(world, onEnd);
    await database
      .collection<DeliveryRecord>('deliveries')
      .insertMany(ids.map((id) => aStoredDelivery(id, now, { next_attempt_at: now, due_at: now })));

    let doubles = 0;
    let unclaimed = 0;
    for (const deliveryId of ids) {
      const claims = await Promise.all(
        stores.map(({ deliveries }) =>
          deliveries.claim({ deliveryId, round: 0, token: `att_${randomUUID()}`, now, leaseMs: LEASE_MS }),
        ),
      );
      const winners = claims.filter((claim) => claim !== null).length;
      if (winners > 1) doubles += 1;
      if (winners === 0) unclaimed += 1;
    }
    const tries = count * CLAIMERS;
    return {
      met: doubles === 0 && unclaimed === 0,
      figure: `${tries} tries for ${count} deliveries: double claims ${doubles}, unclaimed ${unclaimed}`,
      figures: { tries, deliveries: count, double_claims: doubles, unclaimed },
    };
  },
};
