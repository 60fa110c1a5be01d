import type mongoose from 'mongoose';
import { DURABLE } from '../connection/connect.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { unchanged } from './claim.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { UNFINISHED } from './delivery-states.ts';
import { newRound } from './new-round.ts';

type Deliveries = mongoose.mongo.Collection<DeliveryRecord>;

/** A person may lose the race against the dispatcher a few times, but not for ever. */
const TRIES = 20;

/** Somebody else changed the delivery each time between the look and the write. The request may be repeated. */
export class DeliveryContendedError extends Error {
  override readonly name = 'DeliveryContendedError';
  readonly code = 'DELIVERY_CONTENDED';
}

/**
 * Replay and cancellation read, decide, and write only if nothing has changed since, by `_id` alone: `findOneAndUpdate` was
 * measured to read the whole collection on the embedded server (see `claimDelivery`). So what they answer is also exactly what
 * they wrote, and not what came after.
 */
async function change<Refusal extends string>(
  deliveries: Deliveries,
  scope: TenantScope,
  id: string,
  decide: (
    delivery: DeliveryRecord,
  ) => Refusal | { update: mongoose.mongo.UpdateFilter<DeliveryRecord>; after: DeliveryRecord },
): Promise<DeliveryRecord | Refusal | 'not_found'> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const own = { ...ownerScopeFilter(scope), _id: id };
    const delivery = await deliveries.findOne(own);
    if (delivery === null) return 'not_found';
    const decision = decide(delivery);
    if (typeof decision === 'string') return decision;
    const { matchedCount } = await deliveries.updateOne({ ...own, ...unchanged(delivery) }, decision.update, DURABLE);
    if (matchedCount === 1) return decision.after;
  }
  throw new DeliveryContendedError(`delivery ${id} was changed by others ${TRIES} times`);
}

/** Begins a new round, unless the last replay still waits for its first attempt: both would be one. */
export function replayOne(
  deliveries: Deliveries,
  scope: TenantScope,
  id: string,
  at: Date,
): Promise<DeliveryRecord | 'not_found' | 'unsent'> {
  return change<'unsent'>(deliveries, scope, id, (delivery) => {
    if (isUnsentReplay(delivery)) return 'unsent';
    const update = newRound(at);
    const { lease: _lease, ...rest } = delivery;
    return { update, after: { ...rest, ...update.$set, round: delivery.round + 1 } as DeliveryRecord };
  });
}

/** The last replay still waits for its first attempt. A delivery begins in round 0; every later one was begun by a replay. */
export function isUnsentReplay({
  round,
  status,
  attempts_made,
  lease,
}: Pick<DeliveryRecord, 'round' | 'status' | 'attempts_made' | 'lease'>): boolean {
  return round > 0 && status === 'pending' && attempts_made === 0 && lease === undefined;
}

/** Ends a delivery that has not ended; a request under way is not called back, and only appends unless it is accepted. */
export function cancelOne(
  deliveries: Deliveries,
  scope: TenantScope,
  id: string,
  at: Date,
): Promise<DeliveryRecord | 'not_found' | 'conflict'> {
  return change<'conflict'>(deliveries, scope, id, (delivery) => {
    if (!UNFINISHED.some((status) => status === delivery.status)) return 'conflict';
    const ended = { status: 'cancelled', completed_at: at, next_attempt_at: null, held_back_by: null } as const;
    const { lease: _lease, due_at: _due, ...rest } = delivery;
    return { update: { $set: ended, $unset: { lease: '', due_at: '' } }, after: { ...rest, ...ended } };
  });
}
