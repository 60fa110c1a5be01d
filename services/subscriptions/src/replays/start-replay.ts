import type { DeliveryStatus, EventType, IdSource } from '@owngateway/domain';
import type { FieldFault } from '@owngateway/service-kit';
import type { MerchantRepository, ReplayRecord, ReplayRepository, SubscriptionRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import { tokenOwnerKey } from '../access/token-owner-key.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { faultsOfRange } from '../filters/time-range.ts';

/** Replays of one owner that may run at a time: together they are bounded by what their rates add up to (P5). */
export const MAX_RUNNING_REPLAYS = 10;

/** What to replay, and how fast. */
export interface ReplayOrder {
  since: Date;
  until?: Date | undefined;
  status: DeliveryStatus[];
  types?: EventType[] | undefined;
  subscription_id?: string | undefined;
  merchant_id?: string | undefined;
  rate_per_s: number;
}

export type StartReplayOutcome =
  | { kind: 'started'; replay: ReplayRecord }
  | { kind: 'invalid'; faults: FieldFault[] }
  | { kind: 'too_many_replays' };

/**
 * Begins to send many deliveries again (000.21); the dispatcher does it in the background. Only what the caller reaches is
 * ever replayed (rule 12), which is looked up again at every step: a merchant that has left its reseller meanwhile is passed over.
 */
export function startReplay(sources: {
  replays: Pick<ReplayRepository, 'create' | 'countRunning'>;
  subscriptions: Pick<SubscriptionRepository, 'get'>;
  merchants: Pick<MerchantRepository, 'get'>;
  trail: AuditTrail;
  newId: IdSource;
  now: () => Date;
}) {
  const { replays, subscriptions, merchants, trail, newId, now } = sources;

  /** A list filtered by what is out of reach is empty; a replay of nothing would be a mistake that nobody notices. */
  async function faultsOf({ scope }: Caller, order: ReplayOrder): Promise<FieldFault[]> {
    const { subscription_id, merchant_id } = order;
    const [subscription, merchant] = await Promise.all([
      subscription_id === undefined || subscriptions.get(scope, subscription_id),
      merchant_id === undefined || merchants.get(scope, merchant_id),
    ]);
    const faults = faultsOfRange(order);
    if (subscription === null)
      faults.push({
        field: 'subscription_id',
        code: 'unknown_subscription',
        message: 'Names no subscription of yours.',
      });
    if (merchant === null)
      faults.push({ field: 'merchant_id', code: 'unknown_merchant', message: 'Names nobody that you may act for.' });
    return faults;
  }

  return async (caller: Caller, order: ReplayOrder): Promise<StartReplayOutcome> => {
    const faults = await faultsOf(caller, order);
    if (faults.length > 0) return { kind: 'invalid', faults };
    const { owner } = caller.actor;
    const ownerKey = tokenOwnerKey(owner);
    if ((await replays.countRunning(ownerKey)) >= MAX_RUNNING_REPLAYS) return { kind: 'too_many_replays' };
    const replay = newReplay(newId('rpl'), order, owner, now());
    // Written down first: were it the second step and failed, a repeat would begin a second one (once-per-key.ts).
    await trail.record(caller, {
      action: 'replay.create',
      ownerKey: order.merchant_id === undefined ? ownerKey : `merchant:${order.merchant_id}`,
      resourceId: replay._id,
      fields: Object.entries(order).flatMap(([field, value]) => (value === undefined ? [] : [field])),
    });
    await replays.create(replay);
    return { kind: 'started', replay };
  };
}

function newReplay(id: string, order: ReplayOrder, owner: ReplayRecord['owner'], at: Date): ReplayRecord {
  const { since, until = null, status, types = null, subscription_id = null, merchant_id = null } = order;
  return {
    _id: id,
    owner_key: tokenOwnerKey(owner),
    owner: { level: owner.level, id: owner.id },
    selection: { status, subscription_id, types, merchant_id, since, until, snapshot_at: at },
    rate_per_s: order.rate_per_s,
    state: 'running',
    position: { stretch: 0, after: null },
    batch: null,
    matched: 0,
    replayed: 0,
    failed: 0,
    skipped: 0,
    failures: { payload_gone: 0, subscription_deleted: 0 },
    next_step_at: at,
    created_at: at,
    completed_at: null,
  };
}
