import { deliveryIdRangeOf } from '@owngateway/domain';
import mongoose from 'mongoose';
import type { PageRequest } from '../page.ts';
import { idRange, intersect } from '../paging/id-range.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import { isEventId } from './delivery-ids.ts';
import type { DeliveryFilter } from './delivery-repository.ts';
import { isIndexedByStatus, NOT_DELIVERED_NOR_CANCELLED } from './delivery-states.ts';

const { trusted } = mongoose;

/** The conditions of a list; null when nothing can match. */
export function deliveryListFilter(scope: TenantScope, filter: DeliveryFilter, { after }: PageRequest) {
  const { status, subscriptionId, eventId, merchantId, type, since, until } = filter;
  if (eventId !== undefined && !isEventId(eventId)) return null;
  const range = intersect(idRange('dlv', { since, until, after }), eventId === undefined ? undefined : idsOf(eventId));
  return {
    ...ownerScopeFilter(scope),
    ...(status === undefined
      ? {}
      : { status: isIndexedByStatus(status) ? trusted({ $in: [status], ...NOT_DELIVERED_NOR_CANCELLED }) : status }),
    ...(subscriptionId === undefined ? {} : { subscription_id: subscriptionId }),
    ...(eventId === undefined ? {} : { event_id: eventId }),
    ...(merchantId === undefined ? {} : { merchant_id: merchantId }),
    ...(type === undefined ? {} : { event_type: type }),
    ...(range === undefined ? {} : { _id: trusted(range) }),
  };
}

function idsOf(eventId: string) {
  const { from, to } = deliveryIdRangeOf(eventId);
  return { $gte: from, $lt: to };
}
