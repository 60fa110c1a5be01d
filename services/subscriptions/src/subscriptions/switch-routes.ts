import { type App, notFound, ok, ProblemError, route } from '@owngateway/service-kit';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { apiProblems } from '../problems.ts';
import { presentSubscription, subscriptionBody } from './present-subscription.ts';
import type { disableSubscription, enableSubscription, SwitchOutcome } from './switch-subscription.ts';

const tags = ['Subscriptions'];
const params = idParam('sub');
const reason = z.string().min(1).max(500);

const enableBody = z.strictObject({ backlog: z.enum(['send', 'drop']).default('send'), reason: reason.optional() });

/** Switches of a subscription; what is held meanwhile is sent or dropped on enabling. */
export function addSwitchRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    enable: ReturnType<typeof enableSubscription>;
    disable: ReturnType<typeof disableSubscription>;
  },
): void {
  route(app, {
    method: 'post',
    path: '/v1/subscriptions/:id/enable',
    summary: 'Switches a subscription on',
    description: '`backlog` decides what becomes of the deliveries that were held.',
    tags,
    scope: 'subscriptions:write',
    params,
    body: enableBody.prefault({}),
    responses: { 200: { description: 'Enabled', schema: subscriptionBody } },
    handler: async (input) => {
      const { backlog, reason: given = null } = input.body;
      return answerOf(await deps.enable(await deps.callerOf(input), input.params.id, { backlog, reason: given }));
    },
  });

  route(app, {
    method: 'post',
    path: '/v1/subscriptions/:id/disable',
    summary: 'Switches a subscription off',
    description: 'Its open deliveries are held until it is enabled.',
    tags,
    scope: 'subscriptions:write',
    params,
    body: z.strictObject({ reason }),
    responses: { 200: { description: 'Disabled', schema: subscriptionBody } },
    handler: async (input) =>
      answerOf(await deps.disable(await deps.callerOf(input), input.params.id, input.body.reason)),
  });
}

function answerOf(outcome: SwitchOutcome) {
  if (outcome === 'not_found') throw notFound();
  if (outcome === 'conflict') throw new ProblemError(apiProblems.changed_meanwhile);
  return ok(presentSubscription(outcome));
}
