import { type App, accepted, notFound, ok, ProblemError, pagedList, route } from '@owngateway/service-kit';
import type { ReplayRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { invalid } from '../api/invalid.ts';
import { listOf } from '../api/list-of.ts';
import { deliveryBody } from '../deliveries/present-delivery.ts';
import { eventTypeField, idField, merchantIdField } from '../filters/query-fields.ts';
import { momentField } from '../filters/time-range.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import type { cancelReplay } from './cancel-replay.ts';
import { presentReplay, replayBody } from './present-replay.ts';
import type { startReplay } from './start-replay.ts';

const tags = ['Replays'];
const list = pagedList('replays');
const params = idParam('rpl');
const scope = 'deliveries:replay';

/** Deliveries per second that a replay begins again. */
const RATE = { standard: 50, most: 500 };

const isUnique = (items: readonly string[]) => new Set(items).size === items.length;

const startBody = z.strictObject({
  since: momentField.describe('Events made at or after this moment'),
  until: momentField.optional().describe('Events made before this moment; by default all until now'),
  status: z
    .array(deliveryBody.shape.status)
    .min(1)
    .refine(isUnique, 'Names a status twice.')
    .default(['failed'])
    .describe('Statuses that are sent again; `failed` are the dead letters'),
  types: z.array(eventTypeField).min(1).max(100).optional(),
  subscription_id: idField.optional(),
  merchant_id: merchantIdField.optional(),
  rate_per_s: z.int().min(1).max(RATE.most).default(RATE.standard),
});

/** `/v1/replays`: many deliveries sent again in the background (000.21, api.md). */
export function addReplayRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    replays: Pick<ReplayRepository, 'get' | 'list'>;
    start: ReturnType<typeof startReplay>;
    cancel: ReturnType<typeof cancelReplay>;
  },
): void {
  route(app, {
    method: 'post',
    path: '/v1/replays',
    summary: 'Sends many deliveries again, in the background',
    description:
      'Every delivery that fits begins one new round under a fresh policy, oldest event first, at most `rate_per_s` of them a ' +
      'second. What came to be after this call is left alone, so nothing that a replay sends is replayed by it again.',
    tags,
    scope,
    body: startBody,
    responses: { 202: { description: 'It runs; ask for its progress', schema: replayBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const outcome = await deps.start(await deps.callerOf(input), input.body);
        switch (outcome.kind) {
          case 'started':
            return accepted(presentReplay(outcome.replay));
          case 'invalid':
            throw invalid(outcome.faults);
          case 'too_many_replays':
            throw new ProblemError(apiProblems.too_many_replays);
        }
      }),
  });

  route(app, {
    method: 'get',
    path: '/v1/replays',
    summary: 'Bulk replays of the last 90 days',
    tags,
    scope,
    query: list.query,
    responses: { 200: { description: 'Newest first', schema: listOf(replayBody) } },
    handler: async (input) => {
      const caller = await deps.callerOf(input);
      return ok(list.body(await deps.replays.list(caller.scope, list.request(input.query)), presentReplay));
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/replays/:id',
    summary: 'One bulk replay with its progress',
    tags,
    scope,
    params,
    responses: { 200: { description: 'The replay', schema: replayBody } },
    handler: async (input) => {
      const caller = await deps.callerOf(input);
      const replay = await deps.replays.get(caller.scope, input.params.id);
      if (replay === null) throw notFound();
      return ok(presentReplay(replay));
    },
  });

  route(app, {
    method: 'delete',
    path: '/v1/replays/:id',
    summary: 'Cancels a bulk replay',
    description:
      'What it has replayed stays so. At most the batch at hand, a second’s worth, is still sent and counted.',
    tags,
    scope,
    params,
    responses: { 200: { description: 'Cancelled, now or before', schema: replayBody } },
    handler: async (input) => {
      const outcome = await deps.cancel(await deps.callerOf(input), input.params.id);
      if (outcome === 'not_found') throw notFound();
      if (outcome === 'done') throw new ProblemError(apiProblems.replay_done);
      return ok(presentReplay(outcome));
    },
  });
}
