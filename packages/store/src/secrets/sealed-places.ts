import type { Schema } from 'mongoose';
import type { SealContext } from './secret-box.ts';

/** A document as the driver has it, of whatever collection. */
export type RawDocument = { _id: string } & Readonly<Record<string, unknown>>;

/** Sealed texts of a collection: where they stand, and whose they are. */
export interface SealedCollection {
  name: string;
  /** The clear field that holds the tenant of the seal. */
  tenantField: string;
  /**
   * Fields with sealed texts, and the paths of those below each: `''` is the field itself, `secrets[].value` the value of
   * each one in a list. The field's name is part of the seal.
   */
  fields: Readonly<Record<string, readonly string[]>>;
}

/** One sealed text in one document. */
export interface SealedText {
  /** As MongoDB addresses it: `signing.secrets.0.value`. */
  path: string;
  value: string;
  context: SealContext;
}

/**
 * Reads from a schema which of its fields hold sealed texts: those with the option `sealed`, which is `true` or, for a
 * mixed field, the list of paths below it. So a field that is added to a schema is sealed anew with all the others.
 */
export function sealedCollection(schema: Schema, tenantField: string): SealedCollection {
  const fields: Record<string, readonly string[]> = {};
  schema.eachPath((name, type) => {
    const { sealed } = type.options as { sealed?: true | readonly string[] };
    if (sealed !== undefined) fields[name] = sealed === true ? [''] : sealed;
  });
  return { name: String(schema.get('collection')), tenantField, fields };
}

/** Every sealed text of a document. What is null or not there (a tombstone's) is no text. */
export function sealedTextsOf({ tenantField, fields }: SealedCollection, document: RawDocument): SealedText[] {
  const tenant = String(document[tenantField]);
  return Object.entries(fields).flatMap(([field, below]) =>
    below
      .flatMap((path) => textsAt(document[field], path === '' ? [] : path.split('.'), field))
      .map((text) => ({ ...text, context: { tenant, recordId: document._id, field } })),
  );
}

function textsAt(value: unknown, path: readonly string[], at: string): Pick<SealedText, 'path' | 'value'>[] {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' ? [{ path: at, value }] : [];
  const name = step.replace('[]', '');
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  const child = (value as Record<string, unknown>)[name];
  if (name === step) return textsAt(child, rest, `${at}.${name}`);
  if (!Array.isArray(child)) return [];
  return child.flatMap((item: unknown, index) => textsAt(item, rest, `${at}.${name}.${index}`));
}
