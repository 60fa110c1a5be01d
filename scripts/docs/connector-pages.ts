import { type Connector, type ConnectorMapping, connectors } from '@owngateway/connectors';
import { z } from 'zod';
import { markdownTable } from './markdown-table.ts';
import { alternativesOf, exampleOf, fieldsOfSchema, type JsonSchema } from './schema-fields.ts';
import { verificationComment } from './verification-comment.ts';

const FOLDER = 'docs/connectors';
const GENERATED = '<!-- Generated from the connectors of packages/connectors by `npm run docs`; a test compares. -->';

const INTRODUCTION = `# Connectors

${GENERATED}

A connector is a payment company that tells the gateway what happened. For each there is a page made of the tables that the gateway itself works
with: what to click in the company's dashboard, the fields of a credential, how its notifications are verified, and which event each of them
becomes. \`GET /v1/connectors\` serves the same. What events look like: [events.md](../events.md).

A merchant's credentials at a connector are a **connector account**: \`POST /v1/connector-accounts\`. The answer has \`webhook_url\`, the exact URL
to paste. Several credentials are valid at once, so that keys are changed without a refused notification: add the new one, change it at the
company, remove the old one.
`;

/** Every page by its path from the root of the repository: the index, and one for each connector of the registry. */
export function connectorPages(): ReadonlyMap<string, string> {
  return new Map([
    [`${FOLDER}/README.md`, indexPage()],
    ...connectors.map((connector) => [`${FOLDER}/${connector.name}.md`, connectorPage(connector)] as const),
  ]);
}

function indexPage(): string {
  const rows = connectors.map((connector) => [
    `[${connector.title}](${connector.name}.md)`,
    `\`${connector.name}\``,
    alternativesOf(jsonSchemaOf(connector.credentialSchema))
      .map((one) => fieldNames(one).join(', '))
      .join(' or '),
    fieldNames(jsonSchemaOf(connector.settingsSchema)).join(', '),
    isDefinedBySettings(connector) ? 'its settings say' : raisingRows(connector.mappings),
  ]);
  const head = ['Connector', '`connector`', 'Credential', 'Settings', 'Rows that raise an event'];
  return `${INTRODUCTION}\n${markdownTable(head, rows)}\n`;
}

function connectorPage(connector: Connector): string {
  return [
    `# ${connector.title}\n`,
    `${GENERATED}\n`,
    `\`connector\`: \`${connector.name}\`. Its notifications come to \`POST /webhooks/{merchant_id}/{name}\`, where \`name\` is the connector account's:`,
    `\`${connector.name}\` unless it was given another. All connectors: [README.md](README.md).\n`,
    `## Setting it up\n\n${connector.guide.map((step, at) => `${at + 1}. ${plain(step)}`).join('\n')}\n`,
    `## The connector account\n\n\`\`\`json\n${exampleAccount(connector)}\n\`\`\`\n`,
    fieldsSection('A credential has', connector.credentialSchema),
    fieldsSection('`settings` has', connector.settingsSchema),
    `## How a notification is verified\n\n${verification(connector)}\n`,
    `## How it is acknowledged\n\n${acknowledgement(connector)}\n`,
    `## What a notification becomes\n\n${isDefinedBySettings(connector) ? 'What `mapping` of the settings says.' : mappingSection(connector.mappings)}\n`,
    ...(connector.definition === undefined ? [] : [definitionSection(connector.definition)]),
  ].join('\n');
}

function exampleAccount({ name, credentialSchema, settingsSchema }: Connector): string {
  const settings = exampleOf(jsonSchemaOf(settingsSchema)) as object;
  return JSON.stringify({
    merchant_id: 'm_42',
    connector: name,
    credentials: [exampleOf(jsonSchemaOf(credentialSchema))],
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  });
}

function fieldsSection(opening: string, schema: z.ZodType): string {
  const alternatives = alternativesOf(jsonSchemaOf(schema)).map((one) => fieldsOfSchema(one));
  if (alternatives.every((fields) => fields.length === 0)) {
    return `${opening} no fields.\n`;
  }
  const head = ['Field', 'What it is', 'Value', 'Default', 'Required'];
  const tables = alternatives.map((fields) =>
    markdownTable(
      head,
      fields.map((field) => [
        `\`${field.path}\``,
        field.description,
        field.value,
        field.default,
        field.required ? 'yes' : '',
      ]),
    ),
  );
  return `${opening}:\n\n${tables.join('\n\nor:\n\n')}\n`;
}

function verification(connector: Connector): string {
  const hasCodeOfItsOwn = connector.definition === undefined && !isDefinedBySettings(connector);
  const comment = hasCodeOfItsOwn ? verificationComment(connector.name) : null;
  const sentences = [
    ...(connector.definition === undefined ? [] : ['As `signature` and `timestamp` of the definition below say.']),
    ...(isDefinedBySettings(connector) ? ['As `signature` and `timestamp` of the settings say.'] : []),
    ...(connector.gatherEvidence === undefined
      ? []
      : ['What the check needs besides the notification is fetched from the vendor, and kept for a time.']),
    ...(connector.handshake === undefined ? [] : ['Its question by GET is answered with the keys of the account.']),
    ...(connector.enrich === undefined
      ? []
      : [
          'A notification that only names a thing is acknowledged first; what it means is then fetched from the vendor. Until then it is `received_unresolved`.',
        ]),
    'Whatever is not genuine under one of the account’s credentials is refused with 401, with the same bytes for every reason.',
  ];
  return `${comment === null ? '' : `${plain(comment)}\n\n`}${sentences.join(' ')}`;
}

/** The generic connector itself: what a notification becomes is in no table of ours. */
function isDefinedBySettings({ mappings }: Connector): boolean {
  return mappings.length === 0;
}

/** A preset is the generic connector with this in its settings. */
function definitionSection(definition: object): string {
  const { mapping, ...rest } = { mapping: [], ...definition };
  return `## Its definition

Something to start one's own from, as the settings of the connector \`generic\`. \`mapping\` is the table above (${mapping.length} rows); \`definition\` of
\`GET /v1/connectors/{name}\` has it too.

\`\`\`json
${JSON.stringify(rest, null, 1)}
\`\`\`
`;
}

function acknowledgement(connector: Connector): string {
  const { status, contentType, body } = connector.acknowledgement;
  const content =
    body === '' ? 'without a body' : `with the body \`${body}\`${contentType === null ? '' : ` (${contentType})`}`;
  const unless = connector.acknowledgementFor === undefined ? '' : ', unless the settings say otherwise';
  return `\`${status}\` ${content}${unless}, once the event is stored. A notification of no row of the table below is acknowledged too, and recorded.`;
}

function mappingSection(mappings: readonly ConnectorMapping[]): string {
  const rows = mappings.map(({ connectorType, condition, eventType, detail, origin }) => [
    `\`${connectorType}\``,
    condition ?? '',
    eventType === null ? 'nothing' : `[\`${eventType}\`](../events.md#${eventType})`,
    detail === null ? '' : `\`${detail}\``,
    origin ?? '',
  ]);
  return `The first row that fits counts, those of the exact type before those that end with \`*\`. *Nothing* means: acknowledged and recorded, no
event is raised. *Detail* is what the row says in \`data.object.detail\`; where it is empty, the connector's own reason stands there, if it gives one.

${markdownTable(['Type', 'When', 'Event type', 'Detail', 'Origin'], rows)}`;
}

function raisingRows(mappings: readonly ConnectorMapping[]): string {
  return `${mappings.filter(({ eventType }) => eventType !== null).length} of ${mappings.length}`;
}

function fieldNames(schema: JsonSchema): string[] {
  return Object.keys(schema.properties ?? {}).map((name) => `\`${name}\``);
}

/** As it is written in a request: defaults are optional. */
function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Text that Markdown shows as it is; between backticks it does so anyway. */
function plain(text: string): string {
  const parts = text.split('`');
  const escaped = parts.map((part, at) => (at % 2 === 0 ? part.replaceAll('<', '&lt;').replaceAll('*', '\\*') : part));
  return escaped.join('`');
}
