import { type App, accepted, notFound, ok, ProblemError, pagedList, route } from '@owngateway/service-kit';
import type { NotificationRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import { merchantIdField } from '../filters/query-fields.ts';
import { timeRange, timeRangeOf } from '../filters/time-range.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import {
  notificationBody,
  notificationWithRawBody,
  presentNotification,
  presentRawNotification,
} from './present-notification.ts';
import type { reprocessNotification } from './reprocess-notification.ts';

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
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    notifications: Pick<NotificationRepository, 'get' | 'list'>;
    reprocess: ReturnType<typeof reprocessNotification>;
  },
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

  route(app, {
    method: 'post',
    path: '/v1/notifications/:id/reprocess',
    summary: 'Reads a notification again, with today’s mapping',
    description:
      'After a mapping was corrected, or when what it names could not be fetched. Raises the events that are missing; those that exist stay as they are. `next_attempt_at` is null once that is done.',
    tags,
    scope: 'connectors:write',
    params: idParam('ntf'),
    body: z.strictObject({}).prefault({}),
    responses: { 202: { description: 'It is read again soon', schema: notificationBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const outcome = await deps.reprocess(await deps.callerOf(input), input.params.id);
        if (outcome === 'not_found') throw notFound();
        if (outcome === 'body_gone') throw new ProblemError(apiProblems.notification_body_gone);
        return accepted(presentNotification(outcome));
      }),
  });
}
