import type { EventObject, EventType } from '@owngateway/domain';
import { type Fields, fieldsOf, orderReferenceIn, reference, stringsOf, text } from '../payload/fields.ts';

/** Under which name `links` holds the resource that an event is about. */
const LINK_OF_RESOURCE: ReadonlyMap<string, string> = new Map([
  ['payments', 'payment'],
  ['refunds', 'refund'],
  ['subscriptions', 'subscription'],
  ['mandates', 'mandate'],
  ['billing_requests', 'billing_request'],
]);

/** GoCardless sends ids only: amounts stay null. */
export function readGoCardlessObject(
  event: Fields,
  resource: string,
  action: string,
  type: EventType,
): Partial<EventObject> {
  const links = fieldsOf(event.links);
  const metadata = { ...stringsOf(event.resource_metadata), ...stringsOf(event.metadata) };
  const namesItsState = type === 'subscription_status_changed' || type === 'customer_updated';
  return {
    connector_reference: reference(links[LINK_OF_RESOURCE.get(resource) ?? '']),
    payment_reference: reference(links.payment),
    merchant_reference: orderReferenceIn(metadata),
    ...(namesItsState ? { status: action } : {}),
    detail: resource === 'mandates' ? action : causeOf(event, type),
    customer: reference(links.customer),
    metadata,
  };
}

/** Why something went wrong; of what went well the cause only repeats the action. */
function causeOf(event: Fields, type: EventType): string | null {
  const wentWell = /_(processing|succeeded|initiated|changed)$/.test(type);
  return wentWell ? null : text(fieldsOf(event.details).cause);
}
