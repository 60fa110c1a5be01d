import type { DeliveryStatus, EventType } from '@owngateway/domain';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type { AttemptRecord, DeliveryRecord } from './delivery-record.ts';
import type { ReplayCandidate, ReplayLook, ReplayPosition, ReplaySelection } from './replay-selection.ts';

/**
 * The result of one attempt, to be written on a delivery that exists. Writing it twice (same attempt id) is writing it once.
 * `retrying` counts but leaves the hold of a delivery that was put on hold while the attempt ran.
 */
export interface Settlement {
  deliveryId: string;
  round: number;
  /** The claim this attempt ran under; null for one that had none, which then changes nothing while somebody else has one. */
  leaseToken: string | null;
  attempt: AttemptRecord;
  next:
    | { status: 'delivered'; completedAt: Date }
    /** `endsHold`: the attempt was made out of the backlog of an enabled subscription, so the hold ends with it. */
    | { status: 'retrying'; nextAttemptAt: Date; endsHold?: true }
    | { status: 'held' }
    | { status: 'failed'; reason: string; at: Date };
}

/**
 * What a settlement did: `settled` wrote the new state; `appended` only kept the attempt, because the round was older,
 * the claim had been lost, or the delivery had already ended; `missing`: no such delivery.
 */
export type SettlementOutcome = 'settled' | 'appended' | 'missing';

export interface DeliveryFilter {
  status?: DeliveryStatus;
  subscriptionId?: string;
  eventId?: string;
  merchantId?: string;
  type?: EventType;
  /** Events made at or after this moment, by the time in their id (deliveries sort by the age of their event). */
  since?: Date;
  /** Events made before this moment. */
  until?: Date;
}

/** What became of a claim in the backlog: `busy` while an attempt of it is under way, or may be; `gone` once it is not held any more. */
export type HeldClaim =
  | { kind: 'claimed'; delivery: DeliveryRecord }
  | { kind: 'busy'; until: Date }
  | { kind: 'gone' };

/** What the sweeper needs to put a delivery back on its queue. */
export type DueDelivery = Pick<
  DeliveryRecord,
  '_id' | 'subscription_id' | 'round' | 'status' | 'attempts_total' | 'next_attempt_at' | 'due_at'
>;

export interface DeliveryRepository {
  /** Stores first writes in a group, durably. A delivery that exists is left as it is and reported as `exists`. */
  insertMany(records: readonly DeliveryRecord[]): Promise<('inserted' | 'exists')[]>;
  /** Writes results of attempts in a group, durably; one outcome per settlement, in order (rule 7). `delivered` wins within its round. */
  settleMany(settlements: readonly Settlement[]): Promise<SettlementOutcome[]>;
  /**
   * Takes the delivery for one attempt: compare-and-set on round, number of attempts, open state and lease. Null when
   * somebody else has it, it has moved on, or it does not exist.
   */
  claim(claim: {
    deliveryId: string;
    round: number;
    token: string;
    now: Date;
    leaseMs: number;
  }): Promise<DeliveryRecord | null>;
  /** Gives a claim back without an attempt (graceful stop, limit): the next attempt is due at `nextAttemptAt`. */
  release(claim: {
    deliveryId: string;
    token: string;
    nextAttemptAt: Date;
    heldBackBy: DeliveryRecord['held_back_by'];
  }): Promise<void>;
  /**
   * Notes that waiting deliveries are held back, so that their owner sees it: a group in one command, durable or not. One that is
   * claimed, in another round, settled or due later anyway is left alone.
   */
  noteHeldBack(
    waits: readonly {
      deliveryId: string;
      round: number;
      until: Date;
      reason: NonNullable<DeliveryRecord['held_back_by']>;
    }[],
  ): Promise<void>;
  /** Ends a claim with a dead letter and without an attempt: nothing can be tried any more. False when the claim was lost. */
  giveUp(claim: { deliveryId: string; token: string; reason: string; at: Date }): Promise<boolean>;
  /** The states of those of the given deliveries that exist, for jobs that run again (rule 4). */
  loadExisting(ids: readonly string[]): Promise<Map<string, DeliveryRecord>>;
  /**
   * Open deliveries whose `due_at` lies before `olderThan`, oldest first, beginning behind `after` (the last one of the
   * page before) (rule 5).
   */
  findDue(query: { olderThan: Date; after: DueDelivery | null; limit: number }): Promise<DueDelivery[]>;
  /** Puts the open deliveries of a disabled subscription on hold. Returns how many. */
  holdForSubscription(subscriptionId: string): Promise<number>;
  /** Cancels the waiting deliveries of a deleted subscription (rule 13). Returns how many. */
  cancelForSubscription(subscriptionId: string, at: Date): Promise<number>;
  /** Ids of up to `limit` held deliveries of the subscription, in the order of their events. */
  findHeld(subscriptionId: string, limit: number): Promise<string[]>;
  /** Takes a held delivery for one attempt, its retry policy's window begun anew. It stays held until that is settled. */
  claimHeld(claim: { deliveryId: string; token: string; now: Date; leaseMs: number }): Promise<HeldClaim>;
  /** Ids of subscriptions that have held deliveries. */
  subscriptionsWithHeld(limit: number): Promise<string[]>;
  /**
   * Begins a new round at `at`, from every status: pending, due then, attempts of the round 0, no lease. An attempt of the older round
   * that is still under way only appends. `not_found` when missing or not the tenant's. Trigger of the next attempt is `replay`.
   * `unsent` when the replay before still waits for its first attempt: nothing is changed, so that no replay takes the place of another.
   */
  replay(scope: TenantScope, id: string, at: Date): Promise<DeliveryRecord | 'not_found' | 'unsent'>;
  /** One bounded look of a bulk replay for deliveries that it should replay; `position` is where the look before ended. */
  lookForReplay(
    scope: TenantScope,
    selection: ReplaySelection,
    look: { position: ReplayPosition; limit: number },
  ): Promise<ReplayLook>;
  /** What a bulk replay needs to know of these deliveries; those that are missing or not the tenant's are left out. */
  loadForReplay(scope: TenantScope, ids: readonly string[]): Promise<ReplayCandidate[]>;
  /**
   * Begins a new round, as `replay` does, of those of the given deliveries that are still selected, and marks them as
   * replayed by this bulk replay: once per delivery, however often it is called, in however many processes.
   */
  replaySelected(
    scope: TenantScope,
    selection: ReplaySelection,
    round: { ids: readonly string[]; replayId: string; at: Date; status: 'pending' | 'held' },
  ): Promise<void>;
  /** Stops retrying. `conflict` when it has already ended. */
  cancel(scope: TenantScope, id: string, at: Date): Promise<DeliveryRecord | 'not_found' | 'conflict'>;
  get(scope: TenantScope, id: string): Promise<DeliveryRecord | null>;
  /** Newest event first; attempts are left out. */
  list(scope: TenantScope, filter: DeliveryFilter, page: PageRequest): Promise<Page<Omit<DeliveryRecord, 'attempts'>>>;
  /** One bounded step of retention: deletes up to `limit` ended deliveries of events made before `before`. Returns how many. */
  expire(query: { before: Date; limit: number }): Promise<number>;
}
