/** Why a delivery cannot be sent again now, though somebody asks for it. */
export type ReplayObstacle = 'payload_gone' | 'subscription_deleted' | 'subscription_disabled';

/** What decides it. `none`: the delivery goes to a transaction's own URL. */
export interface ReplayCircumstances {
  /** Retention has left the event its bytes. */
  hasPayload: boolean;
  subscription: 'enabled' | 'disabled' | 'deleted' | 'none';
}

/**
 * What would end a new round at once, or hold it: the rule of every replay, of one delivery, of an event and of many. Null
 * when nothing is in the way.
 */
export function replayObstacle({ hasPayload, subscription }: ReplayCircumstances): ReplayObstacle | null {
  if (!hasPayload) return 'payload_gone';
  switch (subscription) {
    case 'deleted':
      return 'subscription_deleted';
    case 'disabled':
      return 'subscription_disabled';
    case 'enabled':
    case 'none':
      return null;
  }
}
