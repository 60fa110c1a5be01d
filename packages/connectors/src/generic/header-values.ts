import type { RawNotification } from '../connector.ts';

/** Every repetition of a header, by any name that an operator may have written: `constructor` is none that was sent. */
export function headerValues(headers: RawNotification['headers'], name: string): readonly string[] {
  return Object.hasOwn(headers, name) ? (headers[name] ?? []) : [];
}

/** A header as the bytes that were sent: Node reads them as Latin-1. */
export function headerBytes(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}
