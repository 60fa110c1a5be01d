import { type CatalogueEntry, describeEventType, listEventTypes, resolveEventType } from '@owngateway/domain';
import { type App, notFound, ok, route } from '@owngateway/service-kit';
import { z } from 'zod';
import { listOf } from '../api/list-of.ts';

const tags = ['Event types'];

const eventTypeBody = z.object({
  type: z.string(),
  description: z.string(),
  aliases: z.array(z.string()),
  origin: z.enum(['bank', 'processor', 'system']),
  object_types: z.array(z.string()),
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of what a subscription receives'),
  sample: z.record(z.string(), z.unknown()),
});

/** `/v1/event-types`: every type with schema and sample (001.20, 003.12). Any token may read it. */
export function addEventTypeRoutes(app: App): void {
  route(app, {
    method: 'get',
    path: '/v1/event-types',
    summary: 'Every event type',
    tags,
    responses: { 200: { description: 'All of them, on one page', schema: listOf(eventTypeBody) } },
    handler: () => ok({ data: listEventTypes() satisfies CatalogueEntry[], next_cursor: null }),
  });

  route(app, {
    method: 'get',
    path: '/v1/event-types/:type',
    summary: 'One event type, by its name or an alias of it',
    tags,
    params: { type: z.string().max(64) },
    responses: { 200: { description: 'The type', schema: eventTypeBody } },
    handler: ({ params }) => {
      const type = resolveEventType(params.type);
      if (type === undefined) throw notFound();
      return ok(describeEventType(type));
    },
  });
}
