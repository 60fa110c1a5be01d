import { type App, notFound, ok, pagedList, route } from '@owngateway/service-kit';
import type { NotificationRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import { merchantIdField } from '../filters/query-fields.ts';
import { timeRange, timeRangeOf } from '../filters/time-range.ts';
import {
  notificationBody,
  notificationWithRawBody,
  presentNotification,
  presentRawNotification,
} from './present-notification.ts';

const tags = ['Notifications'];
const list = pagedList('notifications');

const listFilter = {
  ...list.query,
  ...timeRange,
  merchant_id: merchantIdField.optional(),
  connector: z.string().max(64).optional(),
  verdict: notificationBody.shape.verdict.optional(),
};

/** `/v1/notifications`: what connectors sent, and what was made of it (000.16). */
export function addNotificationRoutes(
  app: App,
  deps: { callerOf: CallerOf; notifications: Pick<NotificationRepository, 'get' | 'list'> },
): void {
  route(app, {
    method: 'get',
    path: '/v1/notifications',
    summary: 'Notifications of connectors',
    tags,
    scope: 'events:read',
    query: listFilter,
    responses: { 200: { description: 'Newest first', schema: listOf(notificationBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const { merchant_id: merchantId, connector, verdict } = input.query;
      const filter = given({ merchantId, connector, verdict, ...timeRangeOf(input.query) });
      return ok(
        list.body(await deps.notifications.list(scope, filter, list.request(input.query)), presentNotification),
      );
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/notifications/:id',
    summary: 'One notification',
    description: 'Headers, query and raw body are shown only with the permission `notifications:raw`.',
    tags,
    scope: 'events:read',
    params: idParam('ntf'),
    responses: { 200: { description: 'The notification', schema: notificationWithRawBody } },
    handler: async (input) => {
      const { scope, actor } = await deps.callerOf(input);
      const notification = await deps.notifications.get(scope, input.params.id);
      if (notification === null) throw notFound();
      const mayReadRaw = actor.scopes.has('notifications:raw');
      return ok(mayReadRaw ? presentRawNotification(notification) : presentNotification(notification));
    },
  });
}
