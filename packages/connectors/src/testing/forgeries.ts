import type { RawNotification } from '../connector.ts';
import { withHeader } from './contract-subject.ts';

/** A repeatable source of whole numbers below a limit (mulberry32), so that a failing forgery can be made again. */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What is signed: the body, or the query string instead. */
export interface SignedPart {
  of(notification: RawNotification): Buffer;
  replaced(notification: RawNotification, bytes: Buffer): RawNotification;
}

export const signedBody: SignedPart = {
  of: (notification) => notification.body,
  replaced: (notification, body) => ({ ...notification, body }),
};

export const signedQuery: SignedPart = {
  of: (notification) => Buffer.from(notification.query, 'latin1'),
  replaced: (notification, bytes) => ({ ...notification, query: bytes.toString('latin1') }),
};

/** Every single byte of what is signed changed, and every character of the signature header. */
export function everySingleChange(
  genuine: RawNotification,
  part: SignedPart,
  signatureHeader: string | null,
): RawNotification[] {
  const signed = part.of(genuine);
  const bytes = [...signed.keys()].map((at) => part.replaced(genuine, flipped(signed, at, 1)));
  if (signatureHeader === null) {
    return bytes;
  }
  const value = genuine.headers[signatureHeader]?.[0] ?? '';
  const changed = [...value].map((character, at) => {
    const other = character === '0' ? '1' : '0';
    return withHeader(genuine, signatureHeader, [value.slice(0, at) + other + value.slice(at + 1)]);
  });
  const truncated = [...value].map((_, at) => withHeader(genuine, signatureHeader, [value.slice(0, at)]));
  return [...bytes, ...changed, ...truncated];
}

/** One random change: a bit, a byte less or more or a cut of what is signed, or a character of the signature header. */
export function randomForgery(
  genuine: RawNotification,
  part: SignedPart,
  signatureHeader: string | null,
  below: (limit: number) => number,
): RawNotification {
  const signed = part.of(genuine);
  const at = below(signed.length);
  const kinds = signatureHeader === null ? 4 : 5;
  switch (below(kinds)) {
    case 0:
      return part.replaced(genuine, flipped(signed, at, 1 << below(8)));
    case 1:
      return part.replaced(genuine, Buffer.concat([signed.subarray(0, at), signed.subarray(at + 1)]));
    case 2:
      return part.replaced(
        genuine,
        Buffer.concat([signed.subarray(0, at), Buffer.from([below(256)]), signed.subarray(at)]),
      );
    case 3:
      return part.replaced(genuine, signed.subarray(0, at));
    default:
      return withChangedHeader(genuine, signatureHeader ?? '', below);
  }
}

function withChangedHeader(genuine: RawNotification, name: string, below: (limit: number) => number): RawNotification {
  const value = Buffer.from(genuine.headers[name]?.[0] ?? '', 'latin1');
  const changed = flipped(value, below(value.length), 1 << below(7));
  return withHeader(genuine, name, [changed.toString('latin1')]);
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}
