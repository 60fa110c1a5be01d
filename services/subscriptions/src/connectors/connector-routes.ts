import type { Connector } from '@owngateway/connectors';
import { type App, notFound, ok, route } from '@owngateway/service-kit';
import { z } from 'zod';
import { listOf } from '../api/list-of.ts';
import { connectorBody, presentConnector } from './present-connector.ts';

const tags = ['Connectors'];

/** `/v1/connectors`: what can be connected, and how (000.9-10). */
export function addConnectorRoutes(
  app: App,
  deps: {
    connectors: readonly Connector[];
    findConnector: (name: string) => Connector | undefined;
    publicIngressUrl: string;
  },
): void {
  route(app, {
    method: 'get',
    path: '/v1/connectors',
    summary: 'The catalogue of connectors',
    tags,
    scope: 'connectors:read',
    responses: { 200: { description: 'All of them, on one page', schema: listOf(connectorBody) } },
    handler: () => {
      const data = deps.connectors.map((connector) => presentConnector(connector, deps.publicIngressUrl));
      return ok({ data, next_cursor: null });
    },
  });

  route(app, {
    method: 'get',
    path: '/v1/connectors/:name',
    summary: 'One connector: credential fields, event mapping, set-up guide',
    tags,
    scope: 'connectors:read',
    params: { name: z.string().max(64) },
    responses: { 200: { description: 'The connector', schema: connectorBody } },
    handler: ({ params }) => {
      const connector = deps.findConnector(params.name);
      if (connector === undefined) throw notFound();
      return ok(presentConnector(connector, deps.publicIngressUrl));
    },
  });
}
