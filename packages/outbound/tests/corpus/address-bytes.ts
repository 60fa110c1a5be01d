import { isIPv4 } from 'node:net';

/** The 4 or 16 bytes of an address in any valid spelling; written without the library that the guard uses. */
export function bytesOfAddress(address: string): number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  // The URL parser turns a dotted end into hexadecimal and drops leading zeros.
  const [left = '', right] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [head, tail] = [words(left), words(right ?? '')];
  const zeros = right === undefined ? [] : Array<number>(8 - head.length - tail.length).fill(0);
  return [...head, ...zeros, ...tail].flatMap((word) => [word >> 8, word & 0xff]);
}

/** The usual spelling of 4 or 16 bytes. */
export function addressOfBytes(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${words.join(':')}]/`).hostname.slice(1, -1);
}

/** An address as a number of 32 or 128 bits. */
export function numberOfAddress(address: string): bigint {
  return bytesOfAddress(address).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The address of so many bits with this number. */
export function addressOfNumber(number: bigint, bits: 32 | 128): string {
  const bytes = Array.from({ length: bits / 8 }, (_, at) => Number((number >> BigInt(bits - 8 * (at + 1))) & 0xffn));
  return addressOfBytes(bytes);
}
