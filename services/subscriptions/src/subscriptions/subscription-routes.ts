import { createSubscriptionSchema, type Owner, ownerIdSchema, patchSubscriptionSchema } from '@owngateway/domain';
import { type App, created, noContent, notFound, ok, ProblemError, pagedList, route } from '@owngateway/service-kit';
import type { SubscriptionRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { invalid } from '../api/invalid.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import type { createSubscription } from './create-subscription.ts';
import type { deleteSubscription } from './delete-subscription.ts';
import { createdSubscriptionBody, presentSubscription, subscriptionBody } from './present-subscription.ts';
import type { updateSubscription } from './update-subscription.ts';

const tags = ['Subscriptions'];
const list = pagedList('subscriptions');
const params = idParam('sub');

/** `merchant:m_42`, as one query parameter. */
const ownerField = z.string().transform((text, context): Owner => {
  const [level, ...id] = text.split(':');
  const read = z
    .object({ level: z.enum(['merchant', 'portfolio', 'reseller']), id: ownerIdSchema })
    .safeParse({ level, id: id.join(':') });
  if (read.success) return read.data;
  context.addIssue({ code: 'custom', message: 'Has the form merchant:<id>, portfolio:<id> or reseller:<id>.' });
  return z.NEVER;
});

/** `/v1/subscriptions`: where to deliver what, and how (001.10-11, 003.5-7). */
export function addSubscriptionRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    subscriptions: SubscriptionRepository;
    create: ReturnType<typeof createSubscription>;
    update: ReturnType<typeof updateSubscription>;
    remove: ReturnType<typeof deleteSubscription>;
  },
): void {
  route(app, {
    method: 'post',
    path: '/v1/subscriptions',
    summary: 'Registers a URL for events',
    description: 'The answer carries the signing secret; it is shown again only by the calls that are made for it.',
    tags,
    scope: 'subscriptions:write',
    body: createSubscriptionSchema,
    responses: { 201: { description: 'Created, with its secret', schema: createdSubscriptionBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const outcome = await deps.create(await deps.callerOf(input), input.body);
        if (outcome.kind === 'invalid') throw invalid(outcome.faults);
        return created({ ...presentSubscription(outcome.subscription), secret: outcome.secret });
      }),
  });

  route(app, {
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'Subscriptions',
    tags,
    scope: 'subscriptions:read',
    query: { ...list.query, owner: ownerField.optional(), status: z.enum(['enabled', 'disabled']).optional() },
    responses: { 200: { description: 'Newest first', schema: listOf(subscriptionBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const filter = given({ owner: input.query.owner, status: input.query.status });
      return ok(
        list.body(await deps.subscriptions.list(scope, filter, list.request(input.query)), presentSubscription),
      );
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/subscriptions/:id',
    summary: 'One subscription',
    tags,
    scope: 'subscriptions:read',
    params,
    responses: { 200: { description: 'The subscription', schema: subscriptionBody } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const subscription = await deps.subscriptions.get(scope, input.params.id);
      if (subscription === null) throw notFound();
      return ok(presentSubscription(subscription));
    },
  });

  route(app, {
    method: 'patch',
    path: '/v1/subscriptions/:id',
    summary: 'Changes a subscription',
    description: 'Given fields replace what was there; waiting deliveries follow the change.',
    tags,
    scope: 'subscriptions:write',
    params,
    body: patchSubscriptionSchema,
    responses: { 200: { description: 'Changed', schema: subscriptionBody } },
    handler: async (input) => {
      const outcome = await deps.update(await deps.callerOf(input), input.params.id, input.body);
      switch (outcome.kind) {
        case 'updated':
          return ok(presentSubscription(outcome.subscription));
        case 'not_found':
          throw notFound();
        case 'invalid':
          throw invalid(outcome.faults);
        case 'conflict':
          throw new ProblemError(apiProblems.changed_meanwhile);
      }
    },
  });

  route(app, {
    method: 'delete',
    path: '/v1/subscriptions/:id',
    summary: 'Deletes a subscription and cancels its waiting deliveries',
    tags,
    scope: 'subscriptions:write',
    params,
    responses: { 204: { description: 'Deleted' } },
    handler: async (input) => {
      const outcome = await deps.remove(await deps.callerOf(input), input.params.id);
      if (outcome === 'not_found') throw notFound();
      return noContent();
    },
  });
}
