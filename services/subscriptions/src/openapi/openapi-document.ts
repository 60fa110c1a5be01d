import type { RouteMetadata } from '@owngateway/service-kit';
import { z } from 'zod';

type Json = Record<string, unknown>;

export interface ApiInformation {
  /** Where the API is reached from outside. */
  serverUrl: string;
  version: string;
  supportContact: string | undefined;
}

/** OpenAPI 3.1 from the very schemas that validate requests, so that the two cannot disagree. */
export function openapiDocument(routes: readonly RouteMetadata[], information: ApiInformation): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'OwnGateway Webhooks',
      version: information.version,
      description: 'Subscriptions, connector accounts, events, deliveries and replays.',
      ...(information.supportContact !== undefined && { 'x-support': information.supportContact }),
    },
    servers: [{ url: information.serverUrl }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    request_id: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    support: { type: 'string' },
  },
};

function operationOf(route: RouteMetadata): Json {
  const scopes = route.scopes.length === 0 ? undefined : `Needs ${route.scopes.join(' and ')}.`;
  const description = [route.description, scopes].filter((part) => part !== undefined).join('\n\n');
  return {
    operationId: operationIdOf(route),
    summary: route.summary,
    ...(description !== '' && { description }),
    tags: route.tags,
    ...(route.auth === 'none' && { security: [] }),
    parameters: [...parametersOf('path', route.params), ...parametersOf('query', route.query)],
    ...(route.body !== undefined && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
      },
    }),
    responses: responsesOf(route),
  };
}

/** `get /v1/subscriptions/:id/secret` becomes `get_subscriptions_id_secret`. */
function operationIdOf(route: RouteMetadata): string {
  const words = route.path.replace(/^\/v1\//, '').match(/\w+/g) ?? [];
  return [route.method, ...words].join('_');
}

function parametersOf(place: 'path' | 'query', shape: z.ZodObject | undefined): Json[] {
  return Object.entries(shape?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: schemaOf(schema, 'input'),
  }));
}

function responsesOf(route: RouteMetadata): Json {
  const responses: Json = {
    default: {
      description: 'A problem (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  for (const [status, { description, schema }] of Object.entries(route.responses)) {
    responses[status] = {
      description,
      ...(schema !== undefined && { content: { 'application/json': { schema: schemaOf(schema, 'output') } } }),
    };
  }
  return responses;
}

function schemaOf(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, '~standard': _standard, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
