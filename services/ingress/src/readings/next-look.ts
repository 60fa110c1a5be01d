import { describeSchedule, nextAttempt, parseRetryAfter } from '@owngateway/domain';

/** How often a vendor's API is asked for one thing: as often as an endpoint is tried for a day (`exponential-24h`). */
const MOST_LOOKS = describeSchedule('exponential-24h').length + 1;
/** How often when the vendor knows no such thing; within a minute and a quarter, for APIs that lag behind their notifications. */
const MOST_LOOKS_FOR_GONE = 5;

/** A look that brought nothing. */
export interface VainLook {
  /** Those before it in this round, and this one. */
  attemptsMade: number;
  isGone: boolean;
  /** The vendor's `Retry-After`, honoured up to an hour. */
  retryAfter: string | null;
  now: Date;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** When to look again: 5 s, 10 s, 20 s ... up to four hours, each a fifth shorter or longer. Null: it is given up. */
export function nextLookAt({ attemptsMade, isGone, retryAfter, now, random }: VainLook): Date | null {
  if (attemptsMade >= (isGone ? MOST_LOOKS_FOR_GONE : MOST_LOOKS)) {
    return null;
  }
  const next = nextAttempt({
    policy: 'exponential-24h',
    attemptsMade,
    // The number of looks ends it and not the time: what was asked for by `Retry-After` costs no look.
    roundStartedAt: now,
    now,
    random,
    retryAfterS: parseRetryAfter(retryAfter ?? undefined, now),
  });
  return next.exhausted ? null : next.at;
}
