/** The bytes of a text in canonical base64 (RFC 4648, 3.5: padded, spare bits zero); null unless there are exactly this many. */
export function bytesOfBase64(base64: string, length: number): Buffer | null {
  // Node decodes almost anything; what it writes again is the one text that stands for these bytes.
  if (base64.length !== 4 * Math.ceil(length / 3)) {
    return null;
  }
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length === length && bytes.toString('base64') === base64 ? bytes : null;
}
