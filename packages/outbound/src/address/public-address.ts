import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/**
 * Addresses of cloud metadata services and host agents. They are refused even where an operator admits the range
 * around them: reading them hands out the machine's own credentials.
 */
const METADATA = ranges([
  '168.63.129.16/32', // Azure host agent: a public range, so no classification finds it
  '169.254.169.254/32', // AWS, Google, Azure, DigitalOcean, OpenStack
  '169.254.169.253/32', // AWS resolver
  '169.254.169.123/32', // AWS time service
  '169.254.170.2/32', // AWS ECS task credentials
  '169.254.170.23/32', // AWS EKS pod identity
  '169.254.0.23/32', // Tencent
  '169.254.10.10/32', // Tencent
  '169.254.42.42/32', // Scaleway
  '100.100.100.200/32', // Alibaba
  '192.0.0.192/32', // Oracle
  'fd00:ec2::/32', // AWS over IPv6
  'fd20:ce::/32', // Google over IPv6
  'fd00:42::42/128', // Scaleway
  'fd00:a9fe:a9fe::1/128', // Akamai (Linode)
  'fe80::a9fe:a9fe/128', // OpenStack over IPv6
]);

/** The only IPv6 block from which public addresses are given out (RFC 4291, IANA registry). */
const GLOBAL_IPV6 = ranges(['2000::/3']);

/** Blocks inside 2000::/3 that are no destinations; ipaddr.js knows most, this list does not depend on its version. */
const SPECIAL_IPV6 = ranges([
  '2001::/23', // IETF protocol assignments, Teredo, benchmarking, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: carries an IPv4 address
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
]);

/** Reads CIDR blocks. Throws a TypeError naming the block that is none: a fault of the settings. */
export function ranges(blocks: readonly string[]): Range[] {
  return blocks.map((block) => {
    try {
      return ipaddr.parseCIDR(block);
    } catch (cause) {
      throw new TypeError(`"${block}" is not an address range in CIDR notation`, { cause });
    }
  });
}

/** Parses only the usual spelling (dotted quad, IPv6 without zone): anything else is nothing we would dial. */
export function parseAddress(text: string): Address | null {
  if (isIP(text) === 0 || text.includes('%')) return null;
  return ipaddr.parse(text);
}

/** True where the address lies in one of the ranges. */
export function within(address: Address, blocks: readonly Range[]): boolean {
  return blocks.some((block) => block[0].kind() === address.kind() && address.match(block));
}

/** True for metadata services and host agents, which no setting admits; `isMetadataInDisguise` has their other forms. */
export function isMetadataAddress(address: Address): boolean {
  return within(address, METADATA);
}

/**
 * True where an IPv6 address carries one of those IPv4 addresses at any place: a translator or tunnel on the way would
 * take it out again. This covers IPv4-mapped, NAT64 with a prefix of any length (RFC 6052 leaves out byte 8), 6to4,
 * Teredo (which turns the bits of the client's address), ISATAP, and what somebody may invent next.
 */
export function isMetadataInDisguise(address: Address): boolean {
  if (address instanceof ipaddr.IPv4) return false;
  const bytes = address.toByteArray();
  const readings = [bytes, bytes.toSpliced(8, 1), bytes.map((byte) => byte ^ 0xff)];
  return readings.some((reading) => reading.some((_, at) => at + 4 <= reading.length && isMetadataAt(reading, at)));
}

function isMetadataAt(bytes: number[], at: number): boolean {
  return within(new ipaddr.IPv4(bytes.slice(at, at + 4)), METADATA);
}

/**
 * True for addresses that anyone on the Internet could have: global unicast, and nothing that carries another address
 * inside (IPv4-mapped, NAT64, 6to4, Teredo, ISATAP). Everything that is not known to be public is refused.
 */
export function isPublicAddress(address: Address): boolean {
  if (isMetadataAddress(address) || address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return true;
  return within(address, GLOBAL_IPV6) && !within(address, SPECIAL_IPV6) && !isIsatap(address);
}

/** RFC 5214: the interface identifier 0000:5efe or 0200:5efe is followed by an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  return (address.parts[4] === 0 || address.parts[4] === 0x200) && address.parts[5] === 0x5efe;
}
