/** The bytes of a hexadecimal text, in either case; null unless it is one, of this many bytes if a length is given. */
export function bytesOfHex(hex: string, length = hex.length / 2): Buffer | null {
  return hex.length === 2 * length && /^(?:[0-9a-fA-F]{2})+$/.test(hex) ? Buffer.from(hex, 'hex') : null;
}
