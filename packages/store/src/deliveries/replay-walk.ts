import type { DeliveryStatus } from '@owngateway/domain';
import type mongoose from 'mongoose';
import { LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { firstIdAt } from '../paging/id-range.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { isUnsentReplay } from './changed-by-person.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { isIndexedByStatus, NOT_DELIVERED_NOR_CANCELLED } from './delivery-states.ts';
import type { ReplayLook, ReplayPosition, ReplaySelection } from './replay-selection.ts';

/** Entries of an index that one look reads, whether they are selected or not: what bounds it. */
const LOOKED_AT = 1_000;

/** How far the clock of whoever makes event ids may be ahead of the database's. */
const CLOCK_MARGIN_MS = 60_000;

type Deliveries = mongoose.mongo.Collection<DeliveryRecord>;
type Seen = Pick<
  DeliveryRecord,
  | '_id'
  | 'status'
  | 'subscription_id'
  | 'event_type'
  | 'merchant_id'
  | 'created_at'
  | 'round_started_at'
  | 'round'
  | 'attempts_made'
  | 'lease'
>;

const SEEN = {
  status: 1,
  subscription_id: 1,
  event_type: 1,
  merchant_id: 1,
  created_at: 1,
  round_started_at: 1,
  round: 1,
  attempts_made: 1,
  lease: 1,
} as const;

/** Part of an index, in the order of `_id`. */
interface Stretch {
  filter: mongoose.mongo.Filter<DeliveryRecord>;
  index: Record<string, 1>;
}

/**
 * One look of a bulk replay: reads up to a thousand entries of the narrowest index and picks what is selected, at most
 * `limit`. The database is never asked to filter by more than the index holds, so no look reads more than that, however
 * rare the selected ones are.
 */
export async function lookForReplay(
  deliveries: Deliveries,
  scope: TenantScope,
  selection: ReplaySelection,
  { position, limit }: { position: ReplayPosition; limit: number },
): Promise<ReplayLook> {
  const stretches = stretchesOf(scope, selection);
  const stretch = stretches[position.stretch];
  if (stretch === undefined) return { ids: [], next: null };
  const seen = await deliveries
    .find<Seen>({ ...stretch.filter, _id: idsOf(selection, position) }, { projection: SEEN })
    .sort({ _id: 1 })
    .hint(stretch.index)
    .limit(LOOKED_AT)
    .maxTimeMS(LIST_MAX_TIME_MS)
    .toArray();

  const selected = seen.filter((delivery) => isSelected(delivery, selection)).map(({ _id }) => _id);
  const ids = selected.slice(0, limit);
  const after = selected.length > limit ? ids.at(-1) : seen.length === LOOKED_AT ? seen.at(-1)?._id : undefined;
  if (after !== undefined) return { ids, next: { stretch: position.stretch, after } };
  const isLast = position.stretch + 1 >= stretches.length;
  return { ids, next: isLast ? null : { stretch: position.stretch + 1, after: null } };
}

/** One stretch per status where an index has them by status, else everything that the caller reaches. */
function stretchesOf(scope: TenantScope, { status, subscription_id }: ReplaySelection): Stretch[] {
  const owner = ownerScopeFilter(scope);
  if (!status.every(isIndexedByStatus)) return [whole(scope)];
  if (subscription_id !== null) {
    return status.map((one) => ({
      filter: { ...owner, ...byStatus(one), subscription_id },
      index: { status: 1, subscription_id: 1, _id: 1 },
    }));
  }
  if (scope.level === 'operator') return [whole(scope)];
  return status.map((one) => ({ filter: { ...owner, ...byStatus(one) }, index: { owner_key: 1, status: 1, _id: 1 } }));
}

function whole(scope: TenantScope): Stretch {
  if (scope.level === 'operator') return { filter: {}, index: { _id: 1 } };
  return { filter: ownerScopeFilter(scope), index: { owner_key: 1, _id: 1 } };
}

/** In the form by which planners see that the partial index holds it. */
function byStatus(status: DeliveryStatus) {
  return { status: { $in: [status], ...NOT_DELIVERED_NOR_CANCELLED } };
}

/** Delivery ids begin with the time of their event. */
function idsOf({ since, until, snapshot_at }: ReplaySelection, { after }: ReplayPosition) {
  const newest = new Date(snapshot_at.getTime() + CLOCK_MARGIN_MS);
  const upper = firstIdAt('dlv', until !== null && until < newest ? until : newest);
  return after === null ? { $gte: firstIdAt('dlv', since), $lt: upper } : { $gt: after, $lt: upper };
}

function isSelected(delivery: Seen, { status, subscription_id, types, merchant_id, snapshot_at }: ReplaySelection) {
  return (
    status.includes(delivery.status) &&
    !isUnsentReplay(delivery) &&
    delivery.created_at <= snapshot_at &&
    delivery.round_started_at <= snapshot_at &&
    (subscription_id === null || delivery.subscription_id === subscription_id) &&
    (types === null || types.includes(delivery.event_type)) &&
    (merchant_id === null || delivery.merchant_id === merchant_id)
  );
}
