import {
  type App,
  accepted,
  invalidField,
  notFound,
  ok,
  ProblemError,
  pagedList,
  route,
} from '@owngateway/service-kit';
import type { DeliveryRepository, EventRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { listOf } from '../api/list-of.ts';
import { deliveryBody, presentDelivery } from '../deliveries/present-delivery.ts';
import { given } from '../filters/given.ts';
import { eventTypeField, idField, merchantIdField } from '../filters/query-fields.ts';
import { timeRange, timeRangeOf } from '../filters/time-range.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import { readAllPages } from '../replay/read-all-pages.ts';
import type { replayEvent } from '../replay/replay-event.ts';
import { eventBody, eventWithPayloadBody, presentEvent, presentEventWithPayload } from './present-event.ts';

const tags = ['Events'];
const list = pagedList('events');
const params = idParam('evt');

const listFilter = {
  ...list.query,
  ...timeRange,
  merchant_id: merchantIdField.optional(),
  type: eventTypeField.optional(),
  connector: z.string().max(64).optional(),
  object_reference: z.string().min(1).max(255).optional(),
};

/** `/v1/events`: what happened, to reconcile by (000.4) and to send again (000.21). */
export function addEventRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    events: EventRepository;
    deliveries: Pick<DeliveryRepository, 'list'>;
    replay: ReturnType<typeof replayEvent>;
  },
): void {
  route(app, {
    method: 'get',
    path: '/v1/events',
    summary: 'Events',
    tags,
    scope: 'events:read',
    query: listFilter,
    responses: { 200: { description: 'Newest first, without payloads', schema: listOf(eventBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const { merchant_id: merchantId, object_reference: objectReference, type, connector } = input.query;
      const filter = given({ merchantId, objectReference, type, connector, ...timeRangeOf(input.query) });
      return ok(list.body(await deps.events.list(scope, filter, list.request(input.query)), presentEvent));
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/events/:id',
    summary: 'One event with its exact payload and its deliveries',
    description: 'Only deliveries to recipients of the caller are shown.',
    tags,
    scope: 'events:read',
    params,
    responses: { 200: { description: 'The event', schema: eventWithPayloadBody } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const event = await deps.events.get(scope, input.params.id);
      if (event === null) throw notFound();
      const deliveries = await readAllPages((page) => deps.deliveries.list(scope, { eventId: event._id }, page));
      return ok(presentEventWithPayload(event, deliveries));
    },
  });

  route(app, {
    method: 'post',
    path: '/v1/events/:id/replay',
    summary: 'Sends an event again',
    description: 'To all matching recipients of the caller, or to one: the same deliveries in a new round.',
    tags,
    scope: 'deliveries:replay',
    params,
    body: z.strictObject({ subscription_id: idField.optional() }).prefault({}),
    responses: { 202: { description: 'The deliveries', schema: z.object({ data: z.array(deliveryBody) }) } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const caller = await deps.callerOf(input);
        const outcome = await deps.replay(caller, input.params.id, input.body.subscription_id);
        switch (outcome.kind) {
          case 'replayed':
            return accepted({ data: outcome.deliveries.map(presentDelivery) });
          case 'not_found':
            throw notFound();
          case 'payload_gone':
            throw new ProblemError(apiProblems.payload_gone);
          case 'not_a_recipient':
            throw invalidField('subscription_id', 'not_a_recipient', 'Names no enabled recipient of this event.');
        }
      }),
  });
}
