import { textOfUtf8 } from './utf8.ts';

export type JsonReading = { ok: true; value: unknown } | { ok: false; detail: string };

/**
 * Reads a body as JSON. Of duplicate keys the last one counts, the same for checking and for mapping, because both
 * read through here. `__proto__` becomes an own property and changes no prototype (RFC 8259; ECMA-262, JSON.parse).
 */
export function readJson(body: Buffer): JsonReading {
  const text = textOfUtf8(body);
  if (text === null) {
    return { ok: false, detail: 'the body is not UTF-8' };
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, detail: 'the body is not JSON' };
  }
}
