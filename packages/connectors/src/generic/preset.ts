import { z } from 'zod';
import type { Connector } from '../connector.ts';
import { compileDefinition } from './compile.ts';
import { genericDecoy } from './connector.ts';
import { type GenericCredential, genericCredential } from './credentials.ts';
import { type GenericDefinitionInput, genericDefinition } from './definition/definition.ts';

/** A provider that the generic connector knows already. */
export interface Preset {
  /** Lower-case name as in the API: `paystack`. */
  name: string;
  title: string;
  guide: readonly string[];
  definition: GenericDefinitionInput;
}

const presetSettings = z.strictObject({});

/** The connector of a preset: its definition is fixed, so that an account needs nothing but the secret. */
export function connectorOfPreset({ name, title, guide, definition }: Preset): Connector<GenericCredential, object> {
  const { verify, parse, acknowledgement, mappings } = compileDefinition(genericDefinition.parse(definition));
  return {
    name,
    title,
    credentialSchema: genericCredential,
    settingsSchema: presetSettings,
    decoyCredential: genericDecoy,
    verify: (notification, credentials, _settings, now) => verify(notification, credentials, now),
    parse: (notification) => parse(notification),
    acknowledgement,
    guide,
    mappings,
    definition,
  };
}
