import { z } from 'zod';
import { ownerSchema } from '../subscriptions/subscription-schema.ts';
import { API_VERSION } from './event.ts';
import { eventTypeName } from './event-type-names.ts';
import type { EventType } from './event-types.ts';
import { objectSchema, objectTypesOf } from './object-schema.ts';

const instant = z.iso.datetime();

/** What a merchant receives for an event of this type, in either spelling of its name (001.20). */
export function envelopeSchema(type: EventType) {
  const data = objectTypesOf(type).map((objectType) =>
    z.object({
      object_type: z.literal(objectType),
      object: objectSchema(objectType),
      previous: z.record(z.string(), z.unknown()).nullable().describe('Earlier values of changed fields, when known.'),
      source: z
        .unknown()
        .optional()
        .describe(
          'The connector’s own object, without card data; only for connector accounts with `include_source`. Null when it has more than 256 KiB.',
        ),
    }),
  );
  const merchantId = z.string();
  return z.object({
    id: z
      .string()
      .regex(/^evt_[0-9a-f]{32}$/)
      .describe('The same in every attempt; later events have greater ids.'),
    type: z.enum([...new Set([type, eventTypeName(type, 'dotted')])]),
    api_version: z.literal(API_VERSION),
    environment: z.enum(['sandbox', 'production']),
    ...(type === 'endpoint_disabled'
      ? { merchant_id: merchantId.nullable(), owner: ownerSchema.optional() }
      : { merchant_id: merchantId }),
    origin: z.enum(['bank', 'processor', 'system']),
    connector: z.string().nullable().describe('Null when no connector was involved.'),
    occurred_at: instant.describe('When it happened, as the connector says.'),
    created_at: instant.describe('When the gateway stored it.'),
    data: data.length === 1 && data[0] !== undefined ? data[0] : z.discriminatedUnion('object_type', asOptions(data)),
  });
}

/** A discriminated union wants to know that it has an option. */
function asOptions<T>(options: T[]): [T, ...T[]] {
  const [first, ...others] = options;
  if (first === undefined) throw new TypeError('An event type speaks of no object type.');
  return [first, ...others];
}
