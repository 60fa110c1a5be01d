/** An object of unknown shape, as JSON gives it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Longer references are no vendor's; they would only burden the index that finds duplicates. */
const MAX_REFERENCE_LENGTH = 255;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a name, or an empty one. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** A text that says something, or null. */
export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A reference (an id): a text of at most 255 characters, or null. */
export function reference(value: unknown): string | null {
  const found = text(value);
  return found !== null && found.length <= MAX_REFERENCE_LENGTH ? found : null;
}

/** The string values of an object, as a fresh object. `__proto__` is left out: assigned downstream it would not be a key. */
export function stringsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== '__proto__'),
  );
}

/** The plain values of an object as texts, as a fresh object: strings, booleans, and whole numbers that JSON carried exactly. */
export function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(value)).map(
    ([name, one]) => [name, typeof one === 'boolean' || Number.isSafeInteger(one) ? String(one) : one] as const,
  );
  return stringsOf(Object.fromEntries(entries));
}

/** The merchant's order reference among metadata, under the names that merchants use for it. */
export function orderReferenceIn(metadata: Readonly<Record<string, string>>): string | null {
  return (
    reference(metadata.order_id) ??
    reference(metadata.merchant_reference) ??
    reference(metadata.order_reference) ??
    null
  );
}
