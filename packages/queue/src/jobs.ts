/**
 * What queue jobs carry: ids only, never payloads or secrets (P6). Keys are one letter long, because a small job stays in
 * Redis's compact encoding (a third of the memory).
 */
export interface EventsJob {
  /** Ids of up to 25 events to fan out. */
  e: string[];
  /** Put back by the sweeper: what exists must be looked up first (rule 4). */
  s?: 1;
}

/** What exceeds a merchant's share: events of one merchant, so that its jobs can take turns with others' (rule 10). */
export interface OverflowJob extends EventsJob {
  /** The merchant. */
  m: string;
}

export interface DeliveryJob {
  d: string;
  /** The round of the delivery that this job works on (rule 6). */
  r: number;
  /** Its subscription, so that a worker sees that the endpoint is full or broken before it asks MongoDB for anything. */
  s?: string;
}

export interface NotificationJob {
  /** The notification to read again. */
  n: string;
  /** Its round: a person who asks begins another, so that the job of the one before ends. */
  r: number;
  /** Its connector account, so that a worker sees that enough of one account is under way before it asks MongoDB for anything. */
  a: string;
}

export interface DeadLetterJob {
  d: string;
}

/** How many event ids one `events` job carries at most (measured: from 10 up it hardly matters, one costs half as much again). */
export const MAX_EVENTS_PER_JOB = 25;

/** The id of the job that reads a notification again, the same in one round. */
export function notificationJobId(notificationId: string, round: number): string {
  return `${notificationId}-${round}`;
}

/**
 * The id of the job that works on a round of a delivery; a second add of the same id is swallowed, which is what the
 * sweeper wants. No colon: BullMQ refuses it.
 */
export function deliveryJobId(deliveryId: string, round: number): string {
  return `${deliveryId}-${round}`;
}
