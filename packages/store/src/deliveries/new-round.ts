import type mongoose from 'mongoose';
import type { DeliveryRecord } from './delivery-record.ts';

/** How many bulk replays a delivery remembers. Only the last few can still be at work on it. */
const REPLAYS_KEPT = 10;

/**
 * What begins a new round of a delivery, whoever asked for it: the one place that raises `round` (rule 7). A fresh policy
 * counts from `at`, no claim is left, and results of the round before only append.
 *
 * @param replayId the bulk replay that begins it: its mark is written in the same update, so that it is known for ever
 *   that this replay had its turn
 * @param status `held` when the subscription is disabled; then enabling it makes the round due
 */
export function newRound(
  at: Date,
  { status = 'pending', replayId }: { status?: 'pending' | 'held'; replayId?: string } = {},
): NewRound {
  return {
    $set: {
      status,
      round_started_at: at,
      attempts_made: 0,
      next_attempt_at: at,
      held_back_by: null,
      dead_letter: null,
      completed_at: null,
      ...(status === 'pending' && { due_at: at }),
    },
    $inc: { round: 1 },
    // A path must not be both set and unset in one update.
    $unset: status === 'pending' ? { lease: '' } : { lease: '', due_at: '' },
    ...(replayId !== undefined && { $push: { replayed_by: { $each: [replayId], $slice: -REPLAYS_KEPT } } }),
  };
}

type NewRound = Pick<mongoose.mongo.UpdateFilter<DeliveryRecord>, '$set' | '$inc' | '$unset' | '$push'>;
