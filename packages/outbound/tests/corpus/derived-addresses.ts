import { addressOfBytes, addressOfNumber, bytesOfAddress, numberOfAddress } from './address-bytes.ts';
import { FORBIDDEN_ADDRESSES, PUBLIC_ADDRESSES } from './addresses.ts';
import { SPECIAL_BLOCKS } from './special-purpose-blocks.ts';

interface Span {
  bits: 32 | 128;
  first: bigint;
  last: bigint;
}

function spanOf(block: string): Span {
  const [address = '', length = ''] = block.split('/');
  const bits = address.includes(':') ? 128 : 32;
  const first = numberOfAddress(address);
  return { bits, first, last: first + (1n << BigInt(bits - Number(length))) - 1n };
}

const spans = SPECIAL_BLOCKS.map(({ block }) => spanOf(block));

function isSpecial(number: bigint, bits: 32 | 128): boolean {
  return spans.some((span) => span.bits === bits && span.first <= number && number <= span.last);
}

/** Of every block the first two addresses, the one in the middle and the last two. */
function edgesOfBlocks(): string[] {
  return spans.flatMap(({ bits, first, last }) => {
    const numbers = [first, first + 1n, (first + last) / 2n, last - 1n, last];
    return numbers.filter((number) => number >= first && number <= last).map((number) => addressOfNumber(number, bits));
  });
}

const ones = (bytes: readonly number[]) => bytes.map((byte) => byte ^ 0xff);
const of = (text: string, length: number) => bytesOfAddress(text).slice(0, length);

/** Every known way to carry an IPv4 address inside an IPv6 one, by name. */
export const CARRIERS: Readonly<Record<string, (v4: readonly number[]) => number[]>> = {
  'IPv4-mapped (RFC 4291)': (v4) => [...of('::ffff:0:0', 12), ...v4],
  'IPv4-compatible (RFC 4291)': (v4) => [...of('::', 12), ...v4],
  'IPv4-translated (RFC 2765)': (v4) => [...of('::ffff:0:0:0', 12), ...v4],
  'NAT64, well-known prefix (RFC 6052)': (v4) => [...of('64:ff9b::', 12), ...v4],
  'NAT64, local use, /96 (RFC 8215)': (v4) => [...of('64:ff9b:1::', 12), ...v4],
  'NAT64, local use, /48: the address stands around a zero byte (RFC 6052, 2.2)': (v4) => [
    ...of('64:ff9b:1::', 6),
    ...v4.slice(0, 2),
    0,
    ...v4.slice(2),
    ...Array<number>(5).fill(0),
  ],
  '6to4 (RFC 3056)': (v4) => [...of('2002::', 2), ...v4, ...of('::1', 16).slice(6)],
  'Teredo client, its address with all bits turned (RFC 4380)': (v4) => [
    ...of('2001:0:4136:e378:8000:63bf::', 12),
    ...ones(v4),
  ],
  'Teredo server (RFC 4380)': (v4) => [...of('2001::', 4), ...v4, ...of('8000:63bf:3fff:fdd2::', 8)],
  'ISATAP in a public network (RFC 5214)': (v4) => [...of('2a01:4f8:c0c:1::', 8), ...of('0:5efe::', 4), ...v4],
  'ISATAP in a public network, address globally unique (RFC 5214)': (v4) => [
    ...of('2a01:4f8:c0c:1::', 8),
    ...of('200:5efe::', 4),
    ...v4,
  ],
};

/** One of each IPv4 block, every metadata address, and a public one: inside another address that one is refused too. */
function worthCarrying(): string[] {
  const ofBlocks = spans.filter(({ bits }) => bits === 32).map(({ first, bits }) => addressOfNumber(first, bits));
  const metadata = (FORBIDDEN_ADDRESSES['metadata services'] ?? []).filter((address) => !address.includes(':'));
  return [...new Set([...ofBlocks, ...metadata, '127.0.0.1', '10.0.0.1', '192.168.1.1', '172.17.0.1', '8.8.8.8'])];
}

/** Hand-picked addresses, the edges of all special blocks, and IPv4 addresses in every disguise; each once. */
export const ALL_FORBIDDEN: readonly string[] = [
  ...new Set(
    [
      ...Object.values(FORBIDDEN_ADDRESSES).flat(),
      ...edgesOfBlocks(),
      ...worthCarrying().flatMap((v4) =>
        Object.values(CARRIERS).map((carry) => addressOfBytes(carry(bytesOfAddress(v4)))),
      ),
    ].map((address) => addressOfBytes(bytesOfAddress(address))),
  ),
];

/** Hand-picked public addresses and the neighbours of all special blocks that are in no other one; each once. */
export const ALL_PUBLIC: readonly string[] = [
  ...new Set([
    ...PUBLIC_ADDRESSES.map((address) => addressOfBytes(bytesOfAddress(address))),
    ...spans.flatMap(({ bits, first, last }) =>
      [first - 1n, last + 1n]
        .filter((number) => number >= 0n && number < 1n << BigInt(bits) && !isSpecial(number, bits))
        .map((number) => addressOfNumber(number, bits)),
    ),
  ]),
];
