import type mongoose from 'mongoose';
import type { AttemptRecord, DeliveryRecord } from './delivery-record.ts';
import type { Settlement, SettlementOutcome } from './delivery-repository.ts';
import { OPEN, UNFINISHED } from './delivery-states.ts';

type Filter = mongoose.mongo.Filter<DeliveryRecord>;
type Update = mongoose.mongo.UpdateFilter<DeliveryRecord>;

/** One update of one delivery. */
export interface DeliveryUpdate {
  filter: Filter;
  update: Update;
}

const ATTEMPTS_KEPT = 100;

/**
 * The update of a result in the common case: its claim still holds, or it has none and nobody else has one. It matches
 * nothing when the delivery has moved on, is gone, or has this very attempt already.
 */
export function settlingUpdate(settlement: Settlement): DeliveryUpdate {
  const { next } = settlement;
  // `delivered` wins within its round, whoever holds the claim and whatever others found meanwhile (rule 7).
  if (next.status === 'delivered') {
    return {
      filter: { ...notYetWritten(settlement), round: settlement.round, status: { $ne: 'delivered' } },
      update: updateTo(settlement, { status: 'delivered', completed_at: next.completedAt, dead_letter: null }),
    };
  }
  const filter = (statuses: readonly DeliveryRecord['status'][]): Filter => ({
    ...notYetWritten(settlement),
    ...claimOf(settlement),
    status: { $in: [...statuses] },
  });
  switch (next.status) {
    case 'retrying':
      return {
        filter: filter(next.endsHold === true ? UNFINISHED : OPEN),
        update: updateTo(settlement, {
          status: 'retrying',
          next_attempt_at: next.nextAttemptAt,
          due_at: next.nextAttemptAt,
        }),
      };
    case 'held':
      return { filter: filter(UNFINISHED), update: updateTo(settlement, { status: 'held' }) };
    case 'failed':
      return {
        filter: filter(UNFINISHED),
        update: updateTo(settlement, {
          status: 'failed',
          completed_at: next.at,
          dead_letter: { reason: next.reason, at: next.at },
        }),
      };
  }
}

/** A retry came due for a delivery that was put on hold while its attempt ran: it counts, and the hold stays. */
export function settlingUpdateOnHold(settlement: Settlement): DeliveryUpdate | null {
  if (settlement.next.status !== 'retrying') return null;
  return {
    filter: { ...notYetWritten(settlement), ...claimOf(settlement), status: 'held' },
    update: updateTo(settlement, { status: 'held', next_attempt_at: settlement.next.nextAttemptAt }),
  };
}

/** Keeps the attempt and changes nothing else. */
export function appendingUpdate(settlement: Settlement): DeliveryUpdate {
  return {
    filter: notYetWritten(settlement),
    update: { $push: { attempts: keptAttempt(settlement.attempt) }, $inc: { attempts_total: 1 } },
  };
}

/** What a delivery says of itself when a settlement has to be told from what was written before. */
export type WrittenState = Pick<DeliveryRecord, '_id' | 'round' | 'status' | 'next_attempt_at'> & {
  attempts: Pick<AttemptRecord, '_id'>[];
};

/** The outcome if the attempt is in the delivery already (by this write or an earlier try of it); null when it is not. */
export function outcomeWritten(settlement: Settlement, state: WrittenState): SettlementOutcome | null {
  if (!state.attempts.some(({ _id }) => _id === settlement.attempt._id)) return null;
  const { next, round } = settlement;
  if (state.round !== round) return 'appended';
  if (next.status !== 'retrying') return state.status === next.status ? 'settled' : 'appended';
  return state.next_attempt_at?.getTime() === next.nextAttemptAt.getTime() ? 'settled' : 'appended';
}

function notYetWritten({ deliveryId, attempt }: Settlement): Filter {
  return { _id: deliveryId, 'attempts._id': { $ne: attempt._id } };
}

function claimOf({ round, leaseToken }: Settlement): Filter {
  return leaseToken === null ? { round, lease: { $exists: false } } : { round, 'lease.token': leaseToken };
}

function updateTo({ attempt }: Settlement, state: Partial<DeliveryRecord>): Update {
  return {
    $set: { next_attempt_at: null, held_back_by: null, last_outcome: attempt.outcome, ...state },
    // A path must not be both set and unset in one update.
    $unset: state.due_at === undefined ? { lease: '', due_at: '' } : { lease: '' },
    $inc: { attempts_made: 1, attempts_total: 1 },
    $push: { attempts: keptAttempt(attempt) },
  };
}

function keptAttempt(attempt: AttemptRecord) {
  return { $each: [attempt], $slice: -ATTEMPTS_KEPT };
}
