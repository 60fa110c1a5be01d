/** Fatal: a lossy decoder would let two different bodies read the same. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as text; null unless they are UTF-8. */
export function textOfUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
