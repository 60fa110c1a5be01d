import type { DeliveryRecord, EventRecord } from '@owngateway/store';
import { z } from 'zod';
import { deliveryBody, presentDelivery } from '../deliveries/present-delivery.ts';

/** An event as lists show it: what is needed to find and reconcile it (000.4). */
export const eventBody = z.object({
  id: z.string(),
  merchant_id: z.string().nullable(),
  type: z.string(),
  origin: z.enum(['bank', 'processor', 'system']),
  object_type: z.string(),
  connector: z.string().nullable(),
  connector_account_id: z.string().nullable(),
  notification_id: z.string().nullable(),
  object_references: z.array(z.string()),
  occurred_at: z.iso.datetime(),
  created_at: z.iso.datetime(),
});

export const eventWithPayloadBody = eventBody.extend({
  payload: z.string().nullable().describe('The exact bytes that are signed and sent; null once retention took them'),
  deliveries: z.array(deliveryBody),
});

export function presentEvent(event: EventRecord): z.output<typeof eventBody> {
  return {
    id: event._id,
    merchant_id: event.merchant_id,
    type: event.type,
    origin: event.origin,
    object_type: event.object_type,
    connector: event.connector,
    connector_account_id: event.connector_account_id,
    notification_id: event.notification_id,
    object_references: event.references,
    occurred_at: event.occurred_at.toISOString(),
    created_at: event.created_at.toISOString(),
  };
}

/**
 * An event alone. The payload is text, not JSON within JSON: a number that JavaScript cannot hold would not survive
 * being read and written again.
 */
export function presentEventWithPayload(
  event: EventRecord,
  deliveries: readonly Omit<DeliveryRecord, 'attempts'>[],
): z.output<typeof eventWithPayloadBody> {
  return { ...presentEvent(event), payload: event.body, deliveries: deliveries.map(presentDelivery) };
}
