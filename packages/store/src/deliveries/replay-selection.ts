import type { DeliveryStatus, EventType } from '@owngateway/domain';
import type { DeliveryRecord } from './delivery-record.ts';

/** Which deliveries a bulk replay is for, as it is stored; null stands for any. */
export interface ReplaySelection {
  /** At least one; judged when a delivery's turn comes. */
  status: DeliveryStatus[];
  subscription_id: string | null;
  types: EventType[] | null;
  merchant_id: string | null;
  /** Events made at or after this moment, by the time in their id. */
  since: Date;
  /** Events made before this moment. */
  until: Date | null;
  /**
   * When the replay was asked for. What came to be later, delivery or round, is not selected: so a replay never meets what
   * it has replayed itself, whatever became of that.
   */
  snapshot_at: Date;
}

/** How far a bulk replay has looked: it walks one stretch of an index after the other. */
export interface ReplayPosition {
  stretch: number;
  /** The delivery looked at last; null at the beginning of a stretch. */
  after: string | null;
}

/** One bounded look of a bulk replay. */
export interface ReplayLook {
  /** Deliveries that are selected, oldest event first within a stretch. */
  ids: string[];
  /** Where the next look begins; null at the end. */
  next: ReplayPosition | null;
}

/** What a bulk replay needs to know of a delivery. */
export type ReplayCandidate = Pick<
  DeliveryRecord,
  '_id' | 'event_id' | 'subscription_id' | 'status' | 'round' | 'replayed_by'
>;
