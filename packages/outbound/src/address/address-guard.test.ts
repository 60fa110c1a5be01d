import { addressOfBytes, bytesOfAddress } from '../../tests/corpus/address-bytes.ts';
import { FORBIDDEN_ADDRESSES, NO_ADDRESSES, PUBLIC_ADDRESSES } from '../../tests/corpus/addresses.ts';
import { ALL_FORBIDDEN, ALL_PUBLIC, CARRIERS } from '../../tests/corpus/derived-addresses.ts';
import type { OutboundPolicy } from '../policy.ts';
import { createAddressGuard } from './address-guard.ts';

const PRODUCTION: OutboundPolicy = { environment: 'production', allowHttp: false, allowedPrivateRanges: [] };
const EVERYTHING = ['0.0.0.0/0', '::/0'];

describe('in production', () => {
  const guard = createAddressGuard(PRODUCTION);

  test.each(Object.entries(FORBIDDEN_ADDRESSES))('refuses %s', (_range, addresses) => {
    expect(addresses.filter((address) => guard.admits(address))).toEqual([]);
  });

  test('admits every public address, also the neighbours of the special ranges', () => {
    expect(PUBLIC_ADDRESSES.filter((address) => !guard.admits(address))).toEqual([]);
  });

  test('refuses the edges of every special block, and IPv4 addresses inside IPv6 ones', () => {
    expect(ALL_FORBIDDEN.length).toBeGreaterThan(800);
    expect(ALL_FORBIDDEN.filter((address) => guard.admits(address))).toEqual([]);
  });

  test('admits what lies just outside the special blocks', () => {
    expect(ALL_PUBLIC.length).toBeGreaterThan(75);
    expect(ALL_PUBLIC.filter((address) => !guard.admits(address))).toEqual([]);
  });

  test('refuses whatever is not plainly spelled as an address', () => {
    expect(NO_ADDRESSES.filter((text) => guard.admits(text))).toEqual([]);
  });

  test('ignores the private ranges of an operator', () => {
    const wideOpen = createAddressGuard({ ...PRODUCTION, allowedPrivateRanges: EVERYTHING });
    const all = Object.values(FORBIDDEN_ADDRESSES).flat();
    expect(all.filter((address) => wideOpen.admits(address))).toEqual([]);
  });
});

describe('in sandbox', () => {
  const admitting = (...allowedPrivateRanges: string[]) =>
    createAddressGuard({ environment: 'sandbox', allowHttp: true, allowedPrivateRanges });

  test('refuses like production when no range is named', () => {
    const all = Object.values(FORBIDDEN_ADDRESSES).flat();
    expect(all.filter((address) => admitting().admits(address))).toEqual([]);
  });

  test('admits only what lies in a named range', () => {
    const guard = admitting('127.0.0.0/8', 'fd12::/16');
    const admitted = ['127.0.0.1', '127.255.255.255', 'fd12::1', '8.8.8.8'];
    const refused = ['10.0.0.1', '192.168.0.1', 'fd13::1', '::1', '::ffff:127.0.0.1', '::127.0.0.1'];
    expect(admitted.filter((address) => !guard.admits(address))).toEqual([]);
    expect(refused.filter((address) => guard.admits(address))).toEqual([]);
  });

  test('never admits metadata services, whatever range is named', () => {
    const guard = admitting(...EVERYTHING, '169.254.0.0/16', 'fd00::/8');
    const metadata = FORBIDDEN_ADDRESSES['metadata services'] ?? [];
    expect(metadata.length).toBeGreaterThan(10);
    expect(metadata.filter((address) => guard.admits(address))).toEqual([]);
  });

  test.each(Object.entries(CARRIERS))('never admits metadata services as %s', (_how, carry) => {
    const guard = admitting(...EVERYTHING);
    const metadata = (FORBIDDEN_ADDRESSES['metadata services'] ?? []).filter((address) => !address.includes(':'));
    const disguised = metadata.map((address) => addressOfBytes(carry(bytesOfAddress(address))));
    expect(disguised.filter((address) => guard.admits(address))).toEqual([]);
    // The range that was named is otherwise admitted.
    expect(guard.admits(addressOfBytes(carry(bytesOfAddress('10.1.2.3'))))).toBe(true);
  });
});

test.each(['127.0.0.1', '127.0.0.0/33', 'localhost/8', '', '::1'])('names the range that is none: %p', (range) => {
  expect(() => createAddressGuard({ ...PRODUCTION, allowedPrivateRanges: [range] })).toThrow(`"${range}"`);
});
