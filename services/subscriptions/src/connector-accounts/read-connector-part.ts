import type { Connector } from '@owngateway/connectors';
import { type FieldFault, readFields } from '@owngateway/service-kit';
import { z } from 'zod';

type JsonObject = Record<string, unknown>;

/** How many credentials may be valid at once: enough for any rotation, few enough to try on every notification. */
const MAX_CREDENTIALS = 10;

/** The parts of an account that the connector's own schemas judge. */
export interface ConnectorPart {
  credentials: readonly unknown[];
  settings: unknown;
}

export type ReadConnectorPart =
  | { ok: true; credentials: JsonObject[]; settings: JsonObject }
  | { ok: false; faults: FieldFault[] };

/** Judges credentials and settings as the connector wants them, and fills in its defaults. No fault quotes a value. */
export function readConnectorPart(connector: Connector, part: ConnectorPart): ReadConnectorPart {
  const schema = z.object({
    credentials: z.array(connector.credentialSchema).min(1).max(MAX_CREDENTIALS),
    settings: connector.settingsSchema,
  });
  const read = readFields(schema, part);
  if (!read.ok) return read;
  const { credentials, settings } = read.value;
  const faults = credentials.flatMap((credential, at) => misfits(connector, credential, settings, at));
  if (faults.length > 0) return { ok: false, faults };
  // Every connector's schemas are objects; the registry's type leaves that open.
  return {
    ok: true,
    credentials: credentials as JsonObject[],
    settings: settings as JsonObject,
  };
}

/** Each is valid alone, and still they may not go together. */
function misfits(connector: Connector, credential: unknown, settings: unknown, at: number): FieldFault[] {
  const misfit = connector.misfitOf?.(credential, settings) ?? null;
  return misfit === null
    ? []
    : [{ field: `credentials[${at}].${misfit.field}`, code: 'misfit', message: misfit.message }];
}
