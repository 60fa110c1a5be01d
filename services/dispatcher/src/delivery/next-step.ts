import { type Classification, nextAttempt, type RetryPolicy } from '@owngateway/domain';
import type { DeliveryRecord, Settlement } from '@owngateway/store';
import type { Unsendable } from './attempt.ts';

/** What the retry policy must know. */
export interface RetryContext {
  policy: RetryPolicy;
  /** Attempts of this round that have ended, the one just made included. */
  attemptsMade: number;
  roundStartedAt: Date;
  now: Date;
  random: () => number;
}

/**
 * What follows from an attempt: delivered, another attempt, a dead letter, or, when the receiver said 410, hold until the
 * subscription is enabled again.
 */
export function nextStep(classification: Classification | Unsendable, context: RetryContext): Settlement['next'] {
  switch (classification.kind) {
    case 'delivered':
      return { status: 'delivered', completedAt: context.now };
    case 'disable_subscription':
      return { status: 'held' };
    case 'unsendable':
      return { status: 'failed', reason: 'event_unsendable', at: context.now };
    case 'retry': {
      const next = nextAttempt({ ...context, retryAfterS: classification.retryAfterS });
      return next.exhausted
        ? { status: 'failed', reason: 'retries_exhausted', at: context.now }
        : { status: 'retrying', nextAttemptAt: next.at };
    }
  }
}

/** The fields of a delivery that a step decides, for the document that the first attempt writes. */
export function stateAfter(
  next: Settlement['next'],
): Pick<DeliveryRecord, 'status' | 'next_attempt_at' | 'completed_at' | 'dead_letter'> & { due_at?: Date } {
  const open = { next_attempt_at: null, completed_at: null, dead_letter: null };
  switch (next.status) {
    case 'delivered':
      return { ...open, status: 'delivered', completed_at: next.completedAt };
    case 'retrying':
      return { ...open, status: 'retrying', next_attempt_at: next.nextAttemptAt, due_at: next.nextAttemptAt };
    case 'held':
      return { ...open, status: 'held' };
    case 'failed':
      return {
        ...open,
        status: 'failed',
        completed_at: next.at,
        dead_letter: { reason: next.reason, at: next.at },
      };
  }
}
