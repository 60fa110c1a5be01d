import { textOfUtf8 } from './utf8.ts';

/** More fields than any vendor sends; strangers choose the rest. */
const MAX_FIELDS = 64;

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1): every field's values in their order. Null for bytes that
 * are no UTF-8, a broken percent-encoding, or more than 64 fields.
 */
export function readForm(body: Buffer): ReadonlyMap<string, readonly string[]> | null {
  const source = textOfUtf8(body);
  const pairs = source?.split('&', MAX_FIELDS + 1) ?? [];
  if (source === null || pairs.length > MAX_FIELDS) {
    return null;
  }
  const fields = new Map<string, string[]>();
  for (const pair of pairs.filter((one) => one !== '')) {
    const at = pair.indexOf('=');
    const name = decoded(at < 0 ? pair : pair.slice(0, at));
    const value = decoded(at < 0 ? '' : pair.slice(at + 1));
    if (name === null || value === null) {
      return null;
    }
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
