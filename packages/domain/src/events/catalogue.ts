import { z } from 'zod';
import { envelopeSchema } from './envelope-schema.ts';
import type { EventEnvelope } from './event.ts';
import { EVENT_TYPE_NAMES, eventTypeAliases } from './event-type-names.ts';
import type { EventType, ObjectType, Origin } from './event-types.ts';
import { EVENT_TYPES } from './event-types.ts';
import { objectTypesOf } from './object-schema.ts';
import { sampleEnvelope } from './samples.ts';

/** One type as `GET /v1/event-types` tells it (003.12). */
export interface CatalogueEntry {
  type: EventType;
  description: string;
  /** Other accepted spellings; the first is the one that the `dotted` style sends. */
  aliases: string[];
  /** Who usually raises it; each event names its own. */
  origin: Origin;
  object_types: readonly ObjectType[];
  /** JSON Schema (2020-12) of what a merchant receives. */
  schema: Record<string, unknown>;
  sample: EventEnvelope;
}

const entries = new Map<EventType, CatalogueEntry>();

/** Every event type, in the order of the catalogue. */
export function listEventTypes(): CatalogueEntry[] {
  return EVENT_TYPE_NAMES.map(describeEventType);
}

/** One type in full; made at the first call and shared from then on, so not to be changed. */
export function describeEventType(type: EventType): CatalogueEntry {
  const known = entries.get(type);
  if (known !== undefined) return known;
  const { description, origin } = EVENT_TYPES[type];
  const entry: CatalogueEntry = {
    type,
    description,
    aliases: eventTypeAliases(type),
    origin,
    object_types: objectTypesOf(type),
    schema: publishedSchema(type),
    sample: sampleEnvelope(type),
  };
  entries.set(type, entry);
  return entry;
}

function publishedSchema(type: EventType): Record<string, unknown> {
  const schema = z.toJSONSchema(envelopeSchema(type), {
    // As input, so that the schema allows fields that are added later.
    io: 'input',
    override: ({ jsonSchema }) => {
      // `format` says it; the pattern is a screenful that nobody reads.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return { ...schema };
}
