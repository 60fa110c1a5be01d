import { connectors } from '@owngateway/connectors';
import { type CatalogueEntry, eventTypeName, listEventTypes, type ObjectType, objectSchema } from '@owngateway/domain';
import { z } from 'zod';
import { markdownTable } from './markdown-table.ts';
import { fieldsOfSchema, type JsonSchema } from './schema-fields.ts';

const INTRODUCTION = `# Events

<!-- Generated from packages/domain/src/events by \`npm run docs\`; a test compares. -->

What a subscription receives: one JSON object per event, the same bytes in every attempt. \`GET /v1/event-types/{type}\` serves the JSON Schema and
the sample of each type. Fields may be added; receivers ignore those that they do not know. Which notification of which connector raises what:
[connectors/](connectors/README.md).
`;

const AROUND_DATA = `- **Names** are spelt with \`_\`; a subscription with \`event_style: dotted\` receives the other spelling. Filters and subscriptions accept both.
- **\`data.object\`** has the same fields for every object type and from every connector. Amounts are integers in the minor unit of the currency as
  ISO 4217 counts it (JPY has none, KWD has three decimals), whatever the connector's own counting is. An order is found by \`merchant_reference\`,
  everything about one payment by \`payment_reference\`.
- **\`data.previous\`** has the earlier values of fields of \`data.object\` that changed, where the connector says them; null otherwise.
- **\`data.source\`** is the connector's own object, parsed and otherwise as it was sent, with card numbers and secrets taken out. It is there only
  for connector accounts that ask for it with \`include_source\`; its shape is the connector's, and changes when the connector changes it.
- **Order** is not promised: compare \`occurred_at\`. A payment that failed may succeed later, and both are told.
`;

/** docs/events.md: the envelope, the objects and every event type with its sample. */
export function eventsDocument(): string {
  const entries = listEventTypes();
  return [
    INTRODUCTION,
    `## Overview\n\n${overview(entries)}\n`,
    `## The envelope\n\n${envelope(entries)}\n\n${AROUND_DATA}`,
    `## The objects\n\n${objects(entries)}`,
    `## Event types\n\n${entries.map(section).join('\n')}`,
  ].join('\n');
}

function overview(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ type, object_types, origin, description }) => [
    `[\`${type}\`](#${type})`,
    `\`${eventTypeName(type, 'dotted')}\``,
    objectTypeLinks(object_types),
    origin,
    description,
  ]);
  return markdownTable(['Event type', 'dotted', 'Speaks of', 'Usual origin', 'What happened'], rows);
}

/** What differs from type to type, or is told in a section of its own. */
const PARTICULARS: ReadonlyMap<string, { value: string; description: string }> = new Map([
  ['type', { value: 'text', description: 'The event type, spelt as the subscription asks for.' }],
  ['data.object_type', { value: 'text', description: 'What `data.object` is.' }],
  ['data.object', { value: 'object', description: 'The state of the thing, see [the objects](#the-objects).' }],
]);

/** The fields around the object are those of every type, but for `owner`. */
function envelope(entries: readonly CatalogueEntry[]): string {
  const usual = entries.find(({ type }) => type === 'payment_succeeded');
  const rows = fieldsOfSchema((usual?.schema ?? {}) as JsonSchema)
    .filter(({ path }) => path !== 'data' && !path.startsWith('data.object.'))
    .map(({ path, required, ...field }) => {
      const { value, description } = PARTICULARS.get(path) ?? field;
      return [`\`${path}\``, value, required ? description : `Not always there. ${description}`];
    });
  return `${markdownTable(['Field', 'Value', 'What it is'], rows)}

Only \`endpoint_disabled\` may have a \`merchant_id\` of null, for a subscription of a portfolio or reseller, which \`owner\` (\`level\`, \`id\`) then names.`;
}

function objects(entries: readonly CatalogueEntry[]): string {
  const types = [...new Set(entries.flatMap(({ object_types }) => object_types))];
  const [first = 'payment'] = types;
  const rows = fieldsOfSchema(jsonSchemaOf(first))
    .filter(({ path }) => path !== 'status')
    .map(({ path, value, description }) => [`\`${path}\``, value, description]);
  const status = [['`status`', 'text', 'What it says depends on the object type: see below.']];
  const table = markdownTable(['Field of `data.object`', 'Value', 'What it is'], [...rows, ...status]);
  return `Every field is always there.\n\n${table}\n\n${types.map(objectSection).join('\n')}`;
}

function objectSection(objectType: ObjectType): string {
  const { description, properties } = jsonSchemaOf(objectType);
  const speaking = listEventTypes().filter(({ object_types }) => object_types.includes(objectType));
  return [
    `### Object \`${objectType}\`\n`,
    `${description} \`status\`: ${properties?.status?.description}\n`,
    `Told of by: ${speaking.map(({ type }) => `[\`${type}\`](#${type})`).join(', ')}.\n`,
  ].join('\n');
}

function section({ type, description, aliases, object_types, origin, sample }: CatalogueEntry): string {
  const raisedBy = connectors.filter(({ mappings }) => mappings.some(({ eventType }) => eventType === type));
  const from = raisedBy.map(({ name, title }) => `[${title}](connectors/${name}.md)`).join(', ');
  return [
    `### ${type}\n`,
    `${description} Speaks of: ${objectTypeLinks(object_types)}. Usual origin: ${origin}. Other spellings: ${aliases.map((one) => `\`${one}\``).join(', ')}.`,
    `${from === '' ? 'No connector reports it: the gateway or the platform itself says so.' : `Reported by ${from}.`}\n`,
    `\`\`\`json\n${JSON.stringify(sample, null, 1)}\n\`\`\`\n`,
  ].join('\n');
}

function objectTypeLinks(objectTypes: readonly ObjectType[]): string {
  return objectTypes.map((one) => `[${one}](#object-${one})`).join(' or ');
}

function jsonSchemaOf(objectType: ObjectType): JsonSchema {
  return z.toJSONSchema(objectSchema(objectType), { io: 'input' }) as JsonSchema;
}
