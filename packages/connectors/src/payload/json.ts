export type JsonReading = { ok: true; value: unknown } | { ok: false; detail: string };

/** Fatal: a lossy decoder would let two different bodies read the same. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as JSON. Of duplicate keys the last one counts, the same for checking and for mapping, because both
 * read through here. `__proto__` becomes an own property and changes no prototype (RFC 8259; ECMA-262, JSON.parse).
 */
export function readJson(body: Buffer): JsonReading {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { ok: false, detail: 'the body is not UTF-8' };
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, detail: 'the body is not JSON' };
  }
}
