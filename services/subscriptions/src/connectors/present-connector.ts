import type { Connector, ConnectorMapping } from '@owngateway/connectors';
import { z } from 'zod';

/** A connector of the catalogue (000.9): what to fill in, what to click, and what its notifications become. */
export const connectorBody = z.object({
  name: z.string(),
  title: z.string(),
  credential_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of one credential object'),
  settings_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of `settings`'),
  definition: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('Of a preset of the generic connector: its definition, to start one of your own from'),
  webhook_url_template: z.string().describe('Where its notifications come; the last part is the account’s name'),
  guide: z.array(z.string()),
  mappings: z.array(
    z.object({
      connector_type: z.string(),
      condition: z.string().nullable(),
      event_type: z.string().nullable(),
      detail: z.string().nullable(),
      origin: z.string().nullable(),
    }),
  ),
});

export function presentConnector(connector: Connector, publicIngressUrl: string): z.output<typeof connectorBody> {
  return {
    name: connector.name,
    title: connector.title,
    credential_schema: inputSchemaOf(connector.credentialSchema),
    settings_schema: inputSchemaOf(connector.settingsSchema),
    definition: connector.definition === undefined ? null : { ...connector.definition },
    webhook_url_template: `${publicIngressUrl}/webhooks/{merchant_id}/${connector.name}`,
    guide: [...connector.guide],
    mappings: connector.mappings.map(presentMapping),
  };
}

/** As it is written in a request: defaults are optional, transformations are left out. */
function inputSchemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function presentMapping(mapping: ConnectorMapping) {
  return {
    connector_type: mapping.connectorType,
    condition: mapping.condition,
    event_type: mapping.eventType,
    detail: mapping.detail,
    origin: mapping.origin,
  };
}
