import type {
  AttemptOutcome,
  AttemptTrigger,
  DeliveryStatus,
  EventStyle,
  EventType,
  OwnerKey,
} from '@owngateway/domain';

/** One HTTP try, embedded in its delivery (the last 100 are kept). */
export interface AttemptRecord {
  _id: string;
  /** 1, 2, 3 ... over all rounds. */
  number: number;
  round: number;
  trigger: AttemptTrigger;
  started_at: Date;
  duration_ms: number;
  outcome: AttemptOutcome;
  http_status: number | null;
  response_headers: Record<string, string> | null;
  /** First 4 KiB of the answer, also in UTF-8. */
  response_body: string | null;
  retry_after_s: number | null;
  next_attempt_at: Date | null;
  /**
   * Why no whole answer came, one of a fixed list that names no address, and whether bytes may have reached the receiver, who
   * may have acted on them. Absent when one came.
   */
  failure?: { reason: string; request_sent: boolean };
}

/** One event for one recipient. Its id is `deliveryIdOf(event, recipient)`. */
export interface DeliveryRecord {
  _id: string;
  event_id: string;
  event_type: EventType;
  merchant_id: string | null;
  /** The recipient's owner, whose delivery this is (rule 12). */
  owner_key: OwnerKey;
  subscription_id: string | null;
  transaction_id: string | null;
  url: string;
  /** Fixed at fan-out (rule 13). */
  event_style: EventStyle;
  status: DeliveryStatus;
  /** Raised by a replay; results of an older round only append (rule 7). */
  round: number;
  /** When this round began: the retry policy's window counts from here. */
  round_started_at: Date;
  /** Attempts that ended in this round. */
  attempts_made: number;
  /** Attempts that ended in all rounds. */
  attempts_total: number;
  next_attempt_at: Date | null;
  /** Who is sending now, and until when nobody else may (rule 7). */
  lease?: { token: string; until: Date };
  /** When the sweeper should look: the next attempt or the end of the lease. Absent once settled (sparse index). */
  due_at?: Date;
  /** Why the next attempt waits longer than its policy says, if it does. */
  held_back_by: 'breaker' | 'in_flight_limit' | 'rate_limit' | 'ramp' | null;
  last_outcome: AttemptOutcome | null;
  dead_letter: { reason: string; at: Date } | null;
  created_at: Date;
  completed_at: Date | null;
  /** The bulk replays that began a round of it, the last ten. Absent where there was none. */
  replayed_by?: string[];
  attempts: AttemptRecord[];
}
