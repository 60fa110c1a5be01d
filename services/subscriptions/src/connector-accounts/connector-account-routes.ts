import { ownerIdSchema } from '@owngateway/domain';
import { type App, created, noContent, notFound, ok, ProblemError, pagedList, route } from '@owngateway/service-kit';
import type { ConnectorAccountRecord, ConnectorAccountRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { idParam } from '../api/id-param.ts';
import { invalid } from '../api/invalid.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import { merchantIdField } from '../filters/query-fields.ts';
import type { OncePerKey } from '../idempotency/once-per-key.ts';
import { apiProblems } from '../problems.ts';
import type { createConnectorAccount } from './create-connector-account.ts';
import type { deleteConnectorAccount } from './delete-connector-account.ts';
import { connectorAccountBody, presentConnectorAccount } from './present-connector-account.ts';
import type { updateConnectorAccount } from './update-connector-account.ts';

const tags = ['Connector accounts'];
const list = pagedList('connector-accounts');
const params = idParam('acct');

const accountName = z.string().regex(/^[a-z0-9-]{1,64}$/, 'Has 1 to 64 lower-case letters, digits and dashes.');

/** What each one holds is judged by the connector's own schemas. */
const changeable = {
  credentials: z.array(z.unknown()),
  settings: z.record(z.string(), z.unknown()).optional(),
  include_source: z
    .boolean()
    .optional()
    .describe('Whether events tell the connector’s own object too, under `data.source`; false unless set'),
  status: z.enum(['enabled', 'disabled']).optional(),
};

const createBody = z.strictObject({
  merchant_id: ownerIdSchema,
  connector: z
    .string()
    .min(1)
    .max(64)
    .describe(
      'A connector of the catalogue; or a name of your own such as `acme-pay`, with the definition of the provider in `settings`',
    ),
  name: accountName.optional(),
  ...changeable,
});

const patchBody = z.strictObject(changeable).partial();

/** `/v1/connector-accounts`: a merchant's credentials at connectors (000.10). */
export function addConnectorAccountRoutes(
  app: App,
  deps: {
    callerOf: CallerOf;
    oncePerKey: OncePerKey;
    accounts: ConnectorAccountRepository;
    create: ReturnType<typeof createConnectorAccount>;
    update: ReturnType<typeof updateConnectorAccount>;
    remove: ReturnType<typeof deleteConnectorAccount>;
    publicIngressUrl: string;
  },
): void {
  const present = (account: ConnectorAccountRecord) => presentConnectorAccount(account, deps.publicIngressUrl);

  route(app, {
    method: 'post',
    path: '/v1/connector-accounts',
    summary: 'Connects a merchant to a connector',
    description: 'Answers with `webhook_url`, the exact URL to copy into the connector’s dashboard.',
    tags,
    scope: 'connectors:write',
    body: createBody,
    responses: { 201: { description: 'Created; credentials are write-only', schema: connectorAccountBody } },
    handler: (input) =>
      deps.oncePerKey(input, async () => {
        const outcome = await deps.create(await deps.callerOf(input), input.body);
        switch (outcome.kind) {
          case 'created':
            return created(present(outcome.account));
          case 'invalid':
            throw invalid(outcome.faults);
          case 'name_taken':
            throw nameTaken(input.body);
        }
      }),
  });

  route(app, {
    method: 'get',
    path: '/v1/connector-accounts',
    summary: 'Connector accounts',
    tags,
    scope: 'connectors:read',
    query: { ...list.query, merchant_id: merchantIdField.optional(), connector: z.string().max(64).optional() },
    responses: { 200: { description: 'Newest first', schema: listOf(connectorAccountBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const filter = given({ merchantId: input.query.merchant_id, connector: input.query.connector });
      return ok(list.body(await deps.accounts.list(scope, filter, list.request(input.query)), present));
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/connector-accounts/:id',
    summary: 'One connector account',
    tags,
    scope: 'connectors:read',
    params,
    responses: { 200: { description: 'The account', schema: connectorAccountBody } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const account = await deps.accounts.get(scope, input.params.id);
      if (account === null) throw notFound();
      return ok(present(account));
    },
  });

  route(app, {
    method: 'patch',
    path: '/v1/connector-accounts/:id',
    summary: 'Replaces credentials, settings, status or what events tell',
    description: 'To rotate, give the old and the new credential together and remove the old one later.',
    tags,
    scope: 'connectors:write',
    params,
    body: patchBody,
    responses: { 200: { description: 'Changed', schema: connectorAccountBody } },
    handler: async (input) => {
      const outcome = await deps.update(await deps.callerOf(input), input.params.id, input.body);
      if (outcome === 'conflict') throw new ProblemError(apiProblems.changed_meanwhile);
      switch (outcome.kind) {
        case 'updated':
          return ok(present(outcome.account));
        case 'not_found':
          throw notFound();
        case 'invalid':
          throw invalid(outcome.faults);
      }
    },
  });

  route(app, {
    method: 'delete',
    path: '/v1/connector-accounts/:id',
    summary: 'Deletes a connector account',
    tags,
    scope: 'connectors:write',
    params,
    responses: { 204: { description: 'Deleted' } },
    handler: async (input) => {
      const outcome = await deps.remove(await deps.callerOf(input), input.params.id);
      if (outcome === 'not_found') throw notFound();
      return noContent();
    },
  });
}

function nameTaken({ merchant_id, connector, name = connector }: z.output<typeof createBody>): ProblemError {
  const message = `The merchant ${merchant_id} has a connector account named ${JSON.stringify(name)}; give this one another name.`;
  return new ProblemError(apiProblems.connector_account_name_taken, {
    detail: message,
    errors: [{ field: 'name', code: 'taken', message }],
  });
}
