import type { Acknowledgement } from '../acknowledgement.ts';
import type { ConnectorMapping, ParsedNotification, RawNotification } from '../connector.ts';
import { type GenericDefinition, storedDefinition } from './definition/definition.ts';
import { mappingBy, parseBy } from './parse.ts';
import { type Verify, verifyBy } from './verify.ts';

/** A definition, ready for notifications. */
export interface CompiledDefinition {
  verify: Verify;
  parse(notification: RawNotification): ParsedNotification;
  acknowledgement: Acknowledgement;
  mappings: readonly ConnectorMapping[];
}

/** Makes a definition ready. It must have been validated. */
export function compileDefinition(definition: GenericDefinition): CompiledDefinition {
  const table = mappingBy(definition.mapping);
  const { status, content_type: contentType = null, body } = definition.acknowledgement;
  return {
    verify: verifyBy(definition),
    parse: parseBy(definition, table),
    acknowledgement: { status, contentType, body },
    mappings: table.published,
  };
}

/** Settings are read anew for each version of an account, and stay the same object meanwhile. */
const compiled = new WeakMap<object, CompiledDefinition | null>();

/** The compiled definition of an account's settings, made once; null for settings that are none. */
export function compiledSettings(settings: unknown): CompiledDefinition | null {
  if (typeof settings !== 'object' || settings === null) {
    return null;
  }
  const known = compiled.get(settings);
  if (known !== undefined) {
    return known;
  }
  const read = storedDefinition.safeParse(settings);
  const made = read.success ? compileDefinition(read.data) : null;
  compiled.set(settings, made);
  return made;
}
