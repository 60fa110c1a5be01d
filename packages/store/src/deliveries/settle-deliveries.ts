import type mongoose from 'mongoose';
import { DURABLE } from '../connection/connect.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Settlement, SettlementOutcome } from './delivery-repository.ts';
import {
  appendingUpdate,
  type DeliveryUpdate,
  outcomeWritten,
  settlingUpdate,
  settlingUpdateOnHold,
  type WrittenState,
} from './settlement.ts';

type Deliveries = mongoose.mongo.Collection<DeliveryRecord>;

const WRITTEN_STATE = { round: 1, status: 1, next_attempt_at: 1, 'attempts._id': 1 } as const;

/**
 * Writes results of attempts (rule 7). The common case, every claim still held, is one bulk write whose total says that all
 * matched. Otherwise the deliveries are read to see which did not, and those few are settled one by one.
 */
export async function settleDeliveries(
  deliveries: Deliveries,
  settlements: readonly Settlement[],
): Promise<SettlementOutcome[]> {
  if (settlements.length === 0) return [];
  const { matchedCount } = await deliveries.bulkWrite(
    settlements.map((settlement) => ({ updateOne: settlingUpdate(settlement) })),
    { ordered: false, ...DURABLE },
  );
  if (matchedCount === settlements.length) return settlements.map(() => 'settled');

  const states = await readStates(deliveries, settlements);
  return Promise.all(
    settlements.map((settlement) => {
      const state = states.get(settlement.deliveryId);
      if (state === undefined) return 'missing';
      return outcomeWritten(settlement, state) ?? settleMovedOn(deliveries, settlement);
    }),
  );
}

/** A delivery that was put on hold, claimed by another, replayed or ended while the attempt ran. */
async function settleMovedOn(deliveries: Deliveries, settlement: Settlement): Promise<SettlementOutcome> {
  const matches = async ({ filter, update }: DeliveryUpdate) =>
    (await deliveries.updateOne(filter, update, DURABLE)).matchedCount === 1;
  const onHold = settlingUpdateOnHold(settlement);
  if (onHold !== null && (await matches(onHold))) return 'settled';
  if (await matches(appendingUpdate(settlement))) return 'appended';
  // The attempt got there in the meantime, or the delivery went.
  const state = (await readStates(deliveries, [settlement])).get(settlement.deliveryId);
  return state === undefined ? 'missing' : (outcomeWritten(settlement, state) ?? 'appended');
}

async function readStates(
  deliveries: Deliveries,
  settlements: readonly Settlement[],
): Promise<Map<string, WrittenState>> {
  const found = await deliveries
    .find<WrittenState>(
      { _id: { $in: settlements.map(({ deliveryId }) => deliveryId) } },
      { projection: WRITTEN_STATE },
    )
    .toArray();
  return new Map(found.map((state) => [state._id, state]));
}
