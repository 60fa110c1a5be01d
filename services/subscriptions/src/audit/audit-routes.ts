import { type App, ok, pagedList, route } from '@owngateway/service-kit';
import type { AuditRepository } from '@owngateway/store';
import { z } from 'zod';
import type { CallerOf } from '../access/caller-of.ts';
import { listOf } from '../api/list-of.ts';
import { given } from '../filters/given.ts';
import { auditBody, presentAuditRecord } from './present-audit-record.ts';

const list = pagedList('audit');

/** `/v1/audit`: who changed what, from where (003.8). */
export function addAuditRoutes(app: App, deps: { callerOf: CallerOf; audit: Pick<AuditRepository, 'list'> }): void {
  route(app, {
    method: 'get',
    path: '/v1/audit',
    summary: 'Who changed what',
    tags: ['Audit'],
    scope: 'audit:read',
    query: { ...list.query, resource_id: z.string().min(1).max(128).optional() },
    responses: { 200: { description: 'Newest first', schema: listOf(auditBody) } },
    handler: async (input) => {
      const { scope } = await deps.callerOf(input);
      const filter = given({ resourceId: input.query.resource_id });
      return ok(list.body(await deps.audit.list(scope, filter, list.request(input.query)), presentAuditRecord));
    },
  });
}
