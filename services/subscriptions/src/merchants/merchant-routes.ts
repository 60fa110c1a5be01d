import { ownerIdSchema } from '@owngateway/domain';
import { type App, created, notFound, ok, ProblemError, pagedList, problems, route } from '@owngateway/service-kit';
import type { MerchantRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { listOf } from '../api/list-of.ts';
import { apiProblems } from '../problems.ts';
import { merchantBody, presentMerchant } from './present-merchant.ts';
import type { putMerchant } from './put-merchant.ts';

const params = { id: ownerIdSchema };
const tags = ['Merchants'];
const list = pagedList('merchants');

const putBody = z.strictObject({
  name: z.string().min(1).max(200),
  portfolio_id: ownerIdSchema.nullable().optional(),
  reseller_id: ownerIdSchema.nullable().optional(),
});

/** `/v1/merchants`: the hierarchy of 003.5. */
export function addMerchantRoutes(
  app: App,
  deps: { callerOf: CallerOf; merchants: MerchantRepository; put: ReturnType<typeof putMerchant> },
): void {
  route(app, {
    method: 'put',
    path: '/v1/merchants/:id',
    summary: 'Creates or replaces a merchant',
    description: 'Only operators put merchants under portfolios and resellers; others may rename what they reach.',
    tags,
    scope: 'merchants:write',
    params,
    body: putBody,
    responses: {
      200: { description: 'Replaced', schema: merchantBody },
      201: { description: 'Created', schema: merchantBody },
    },
    handler: async (input) => {
      const outcome = await deps.put(await deps.callerOf(input), input.params.id, input.body);
      switch (outcome.kind) {
        case 'saved': {
          const body = presentMerchant(outcome.merchant);
          return outcome.created ? created(body) : ok(body);
        }
        case 'not_found':
          throw notFound();
        case 'hierarchy_forbidden':
          throw new ProblemError(problems.forbidden, {
            detail: 'Only operators put merchants under portfolios and resellers.',
          });
        case 'conflict':
          throw new ProblemError(apiProblems.changed_meanwhile);
      }
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/merchants/:id',
    summary: 'One merchant',
    tags,
    params,
    responses: { 200: { description: 'The merchant', schema: merchantBody } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const merchant = await deps.merchants.get(scope, input.params.id);
      if (merchant === null) throw notFound();
      return ok(presentMerchant(merchant));
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/merchants',
    summary: 'The merchants that the token reaches',
    tags,
    query: list.query,
    responses: {
      200: { description: 'By id, descending: the ids are the platform’s own', schema: listOf(merchantBody) },
    },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      return ok(list.body(await deps.merchants.list(scope, list.request(input.query)), presentMerchant));
    },
  });
}
