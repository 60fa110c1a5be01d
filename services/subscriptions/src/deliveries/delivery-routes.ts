import { type App, accepted, notFound, ok, ProblemError, pagedList, route } from '@owngateway/service-kit';
import type { DeliveryRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import { eventTypeField, idField, merchantIdField } from '../filters/query-fields.ts';
import { timeRange, timeRangeOf } from '../filters/time-range.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import type { replayDelivery } from '../replay/replay-delivery.ts';
import type { cancelDelivery } from './cancel-delivery.ts';
import {
  deliveryBody,
  deliveryWithAttemptsBody,
  presentDelivery,
  presentDeliveryWithAttempts,
} from './present-delivery.ts';

const tags = ['Deliveries'];
const list = pagedList('deliveries');
const params = idParam('dlv');

const listFilter = {
  ...list.query,
  ...timeRange,
  status: deliveryBody.shape.status.optional(),
  subscription_id: idField.optional(),
  event_id: idField.optional(),
  merchant_id: merchantIdField.optional(),
  type: eventTypeField.optional(),
};

/** `/v1/deliveries`: what became of every event for every recipient (000.21, 001.21). */
export function addDeliveryRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    deliveries: Pick<DeliveryRepository, 'get' | 'list'>;
    replay: ReturnType<typeof replayDelivery>;
    cancel: ReturnType<typeof cancelDelivery>;
  },
): void {
  route(app, {
    method: 'get',
    path: '/v1/deliveries',
    summary: 'Deliveries',
    tags,
    scope: 'events:read',
    query: listFilter,
    responses: { 200: { description: 'Newest event first, without attempts', schema: listOf(deliveryBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const { status, type } = input.query;
      const { subscription_id: subscriptionId, event_id: eventId, merchant_id: merchantId } = input.query;
      const filter = given({ status, subscriptionId, eventId, merchantId, type, ...timeRangeOf(input.query) });
      return ok(list.body(await deps.deliveries.list(scope, filter, list.request(input.query)), presentDelivery));
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/deliveries/:id',
    summary: 'One delivery with all its attempts',
    tags,
    scope: 'events:read',
    params,
    responses: { 200: { description: 'The delivery', schema: deliveryWithAttemptsBody } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const delivery = await deps.deliveries.get(scope, input.params.id);
      if (delivery === null) throw notFound();
      return ok(presentDeliveryWithAttempts(delivery));
    },
  });

  route(app, {
    method: 'post',
    path: '/v1/deliveries/:id/replay',
    summary: 'Tries a delivery again now, under a fresh policy',
    tags,
    scope: 'deliveries:replay',
    params,
    body: z.strictObject({}).prefault({}),
    responses: { 202: { description: 'A new round began', schema: deliveryWithAttemptsBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const outcome = await deps.replay(await deps.callerOf(input), input.params.id);
        switch (outcome.kind) {
          case 'replayed':
            return accepted(presentDeliveryWithAttempts(outcome.delivery));
          case 'not_found':
            throw notFound();
          case 'replay_waiting':
          case 'payload_gone':
          case 'subscription_disabled':
          case 'subscription_deleted':
            throw new ProblemError(apiProblems[outcome.kind]);
        }
      }),
  });

  route(app, {
    method: 'post',
    path: '/v1/deliveries/:id/cancel',
    summary: 'Stops retrying a delivery',
    tags,
    scope: 'deliveries:replay',
    params,
    body: z.strictObject({}).prefault({}),
    responses: { 200: { description: 'Cancelled', schema: deliveryWithAttemptsBody } },
    handler: async (input) => {
      const outcome = await deps.cancel(await deps.callerOf(input), input.params.id);
      if (outcome === 'not_found') throw notFound();
      if (outcome === 'conflict') throw new ProblemError(apiProblems.delivery_ended);
      return ok(presentDeliveryWithAttempts(outcome));
    },
  });
}
