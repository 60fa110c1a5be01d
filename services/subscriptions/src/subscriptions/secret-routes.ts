import { type App, notFound, ok, ProblemError, route } from '@owngateway/service-kit';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import type { readSecret, rotateSecret, ShownSecret } from './subscription-secret.ts';

const tags = ['Subscriptions'];
const params = idParam('sub');
const DAY_S = 86_400;

const rotateBody = z.strictObject({
  expire_previous_in_s: z
    .int()
    .min(0)
    .max(30 * DAY_S)
    .default(DAY_S),
});

const secretBody = z.object({
  secret: z.string(),
  previous_expires_at: z.iso.datetime().nullable().describe('Until when previous secrets sign too'),
});

/** The two calls that show a secret after the creation. */
export function addSecretRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    read: ReturnType<typeof readSecret>;
    rotate: ReturnType<typeof rotateSecret>;
  },
): void {
  route(app, {
    method: 'get',
    path: '/v1/subscriptions/:id/secret',
    summary: 'The signing secret',
    tags,
    scope: 'secrets:read',
    params,
    responses: { 200: { description: 'The secret that signs now', schema: secretBody } },
    handler: async (input) => {
      const shown = await deps.read(await deps.callerOf(input), input.params.id);
      if (shown === 'not_found') throw notFound();
      if (shown === 'unreadable') throw new ProblemError(apiProblems.secret_unreadable);
      return ok(presentSecret(shown));
    },
  });

  route(app, {
    method: 'post',
    path: '/v1/subscriptions/:id/rotate-secret',
    summary: 'Makes a new signing secret',
    description: 'Both sign until the previous one expires, after a day unless told otherwise.',
    tags,
    scope: ['secrets:read', 'subscriptions:write'],
    params,
    body: rotateBody.prefault({}),
    responses: { 200: { description: 'The new secret', schema: secretBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const caller = await deps.callerOf(input);
        const outcome = await deps.rotate(caller, input.params.id, input.body.expire_previous_in_s);
        switch (outcome) {
          case 'not_found':
            throw notFound();
          case 'conflict':
            throw new ProblemError(apiProblems.changed_meanwhile);
          case 'too_many':
            throw new ProblemError(apiProblems.too_many_secrets);
          default:
            return ok(presentSecret(outcome));
        }
      }),
  });
}

function presentSecret({ secret, previousExpiresAt }: ShownSecret): z.output<typeof secretBody> {
  return { secret, previous_expires_at: previousExpiresAt?.toISOString() ?? null };
}
