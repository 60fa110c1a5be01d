import { type App, ok, route } from '@owngateway/service-kit';
import { type ApiInformation, openapiDocument } from './openapi-document.ts';

/** `/openapi.json`: public, since it says nothing about anybody. Add it last, so that it knows every route. */
export function addOpenapiRoutes(app: App, information: ApiInformation): void {
  let made: string | undefined;
  route(app, {
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    tags: ['Documentation'],
    auth: 'none',
    responses: { 200: { description: 'OpenAPI 3.1' } },
    handler: () => {
      made ??= JSON.stringify(openapiDocument(app.routes, information));
      return ok(made, { 'Content-Type': 'application/json' });
    },
  });
}
