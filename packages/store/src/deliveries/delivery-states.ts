import type { DeliveryStatus } from '@owngateway/domain';

/** Has its place in a queue, or will be given one by the sweeper. */
export const OPEN = ['pending', 'retrying'] as const satisfies DeliveryStatus[];

/** Has not ended: open, or waiting for its subscription to be enabled. */
export const UNFINISHED = ['pending', 'retrying', 'held'] as const satisfies DeliveryStatus[];

/**
 * The partial indexes leave out the many that ended well, so that writing those touches two indexes and no more. In the
 * alphabet `failed`, `held`, `pending` and `retrying` come after `delivered`, and a range is the one form of such an expression that
 * planners match (`$in` is not).
 */
export const NOT_DELIVERED_NOR_CANCELLED = { $gt: 'delivered' } as const;

/** True for statuses that the partial indexes hold. */
export function isIndexedByStatus(status: DeliveryStatus): boolean {
  return status > NOT_DELIVERED_NOR_CANCELLED.$gt;
}

/** A filter for any of these statuses that the partial indexes can answer: it repeats their own condition. */
export function anyOf<Status extends DeliveryStatus>(statuses: readonly Status[]) {
  return { $in: [...statuses], ...NOT_DELIVERED_NOR_CANCELLED };
}
