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

/** Every single byte of the body changed, and every character of the signature header. */
export function everySingleChange(genuine: RawNotification, signatureHeader: string | null): RawNotification[] {
  const bodies = [...genuine.body.keys()].map((at) => ({ ...genuine, body: flipped(genuine.body, at, 1) }));
  if (signatureHeader === null) {
    return bodies;
  }
  const value = genuine.headers[signatureHeader]?.[0] ?? '';
  const changed = [...value].map((character, at) => {
    const other = character === '0' ? '1' : '0';
    return withHeader(genuine, signatureHeader, [value.slice(0, at) + other + value.slice(at + 1)]);
  });
  const truncated = [...value].map((_, at) => withHeader(genuine, signatureHeader, [value.slice(0, at)]));
  return [...bodies, ...changed, ...truncated];
}

/** One random change: a bit, a byte less or more, a cut, or a character of the signature header. */
export function randomForgery(
  genuine: RawNotification,
  signatureHeader: string | null,
  below: (limit: number) => number,
): RawNotification {
  const { body } = genuine;
  const at = below(body.length);
  const kinds = signatureHeader === null ? 4 : 5;
  switch (below(kinds)) {
    case 0:
      return { ...genuine, body: flipped(body, at, 1 << below(8)) };
    case 1:
      return { ...genuine, body: Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]) };
    case 2:
      return { ...genuine, body: Buffer.concat([body.subarray(0, at), Buffer.from([below(256)]), body.subarray(at)]) };
    case 3:
      return { ...genuine, body: body.subarray(0, at) };
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
