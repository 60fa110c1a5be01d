import type { KeptNotification, NotificationSummary } from '@owngateway/store';
import { z } from 'zod';

/** What a connector sent and what became of it, as the API shows it. */
export const notificationBody = z.object({
  id: z.string(),
  merchant_id: z.string(),
  connector: z.string(),
  connector_account_id: z.string(),
  received_at: z.iso.datetime(),
  signed_at: z.iso.datetime().nullable(),
  verdict: z
    .enum(['accepted', 'ignored', 'unreadable', 'too_old', 'received_unresolved', 'unresolved'])
    .describe(
      '`unreadable`: the connector’s words were not understood. `received_unresolved`: it only names a thing, which is being fetched from the connector’s API. `unresolved`: that was given up',
    ),
  detail: z
    .string()
    .nullable()
    .describe('Why it is `unreadable`, or why the last look at the connector’s API brought nothing'),
  attempts_made: z.int().describe('Looks at the connector’s API that brought nothing'),
  next_attempt_at: z.iso
    .datetime()
    .nullable()
    .describe('When it is fetched, or read again; null when there is nothing to do'),
  items: z.array(
    z.object({
      connector_type: z.string(),
      event_id: z.string().nullable(),
      event_type: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

/** The raw request; its parts are there only with the permission `notifications:raw`. */
export const notificationWithRawBody = notificationBody.extend({
  headers: z.record(z.string(), z.array(z.string())).optional(),
  query: z.string().optional(),
  body_base64: z.string().nullable().optional().describe('Null when it is no longer kept'),
});

export function presentNotification(notification: NotificationSummary): z.output<typeof notificationBody> {
  return {
    id: notification._id,
    merchant_id: notification.merchant_id,
    connector: notification.connector,
    connector_account_id: notification.connector_account_id,
    received_at: notification.received_at.toISOString(),
    signed_at: notification.signed_at?.toISOString() ?? null,
    verdict: notification.verdict,
    detail: notification.detail ?? null,
    attempts_made: notification.attempts_made ?? 0,
    next_attempt_at: notification.due_at?.toISOString() ?? null,
    items: notification.items.map(({ connector_type, event_id, event_type, reason }) => ({
      connector_type,
      event_id,
      event_type,
      reason,
    })),
  };
}

/** The query string stays with the raw body: connectors may put credentials into either. */
export function presentRawNotification(notification: KeptNotification): z.output<typeof notificationWithRawBody> {
  return {
    ...presentNotification(notification),
    headers: notification.headers,
    query: notification.query,
    body_base64: notification.body?.toString('base64') ?? null,
  };
}
