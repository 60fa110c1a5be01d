import { FORBIDDEN_ADDRESSES, PUBLIC_ADDRESSES } from '../../tests/corpus/addresses.ts';
import { DISGUISED_HOSTS, DISGUISED_URLS } from '../../tests/corpus/spellings.ts';
import type { OutboundPolicy } from '../policy.ts';
import { checkUrl } from './check-url.ts';
import type { UrlRefusal } from './url-verdict.ts';

const PRODUCTION: OutboundPolicy = { environment: 'production', allowHttp: false, allowedPrivateRanges: [] };
const PLAIN_HTTP: OutboundPolicy = { ...PRODUCTION, allowHttp: true };
const SANDBOX: OutboundPolicy = { environment: 'sandbox', allowHttp: false, allowedPrivateRanges: [] };
const LOCAL: OutboundPolicy = { ...SANDBOX, allowedPrivateRanges: ['127.0.0.0/8', '::1/128'], anyPort: true };

const admitted = (url: string, policy: OutboundPolicy) => checkUrl(url, policy).ok;
const literal = (address: string) => (address.includes(':') ? `[${address}]` : address);

describe('in production', () => {
  test.each([
    ['https://shop.example/hooks', 'https://shop.example/hooks'],
    ['https://shop.example', 'https://shop.example/'],
    ['https://SHOP.Example:443/Hooks?x=1&y=%20', 'https://shop.example/Hooks?x=1&y=%20'],
    ['https://shop.example:8443/', 'https://shop.example:8443/'],
    ['https://shop.example?x=a@b', 'https://shop.example/?x=a@b'],
    ['https://shop.example/@me', 'https://shop.example/@me'],
    ['https://b\u00fccher.example/', 'https://xn--bcher-kva.example/'],
    ['https://a_b.shop-1.example/', 'https://a_b.shop-1.example/'],
    ['https://shop.example/../a/./b', 'https://shop.example/a/b'],
  ])('admits %s and hands out the parsed form', (url, href) => {
    const verdict = checkUrl(url, PRODUCTION);
    expect(verdict.ok && verdict.url.href).toBe(href);
  });

  test('admits public addresses as hosts', () => {
    expect(PUBLIC_ADDRESSES.filter((address) => !admitted(`https://${literal(address)}/`, PRODUCTION))).toEqual([]);
  });

  test.each(Object.entries(FORBIDDEN_ADDRESSES))('refuses %s as hosts', (_range, addresses) => {
    expect(addresses.filter((address) => admitted(`https://${literal(address)}/`, PRODUCTION))).toEqual([]);
  });

  test.each([
    ['', ''],
    [':443', '/path'],
    [':8443', '?query'],
  ])('refuses disguised hosts followed by "%s%s"', (port, rest) => {
    expect(DISGUISED_HOSTS.filter((host) => admitted(`https://${host}${port}${rest}`, PRODUCTION))).toEqual([]);
  });

  test('refuses disguised hosts over http as well', () => {
    expect(DISGUISED_HOSTS.filter((host) => admitted(`http://${host}/`, PLAIN_HTTP))).toEqual([]);
  });

  test('refuses URLs that look like something else', () => {
    expect(DISGUISED_URLS.filter((url) => admitted(url, PRODUCTION))).toEqual([]);
  });

  test('does not honour what only a sandbox may', () => {
    const policy: OutboundPolicy = { ...LOCAL, environment: 'production' };
    const urls = ['https://127.0.0.1/', 'https://localhost/', 'https://shop.example:9000/', 'http://shop.example/'];
    expect(urls.filter((url) => admitted(url, policy))).toEqual([]);
  });
});

const REFUSALS: [string, OutboundPolicy, UrlRefusal][] = [
  ['not a url', PRODUCTION, 'invalid_url'],
  ['https://example.com./', PRODUCTION, 'invalid_url'],
  [`https://shop.example/${'x'.repeat(2_048)}`, PRODUCTION, 'url_too_long'],
  [`https://${'x'.repeat(64)}.example/`, PRODUCTION, 'invalid_url'],
  [`https://${'x.'.repeat(130)}example/`, PRODUCTION, 'invalid_url'],
  ['http://shop.example/', PRODUCTION, 'scheme_not_allowed'],
  ['ftp://shop.example/', PLAIN_HTTP, 'scheme_not_allowed'],
  ['https://u:p@shop.example/', PRODUCTION, 'credentials_not_allowed'],
  ['https://shop.example/#top', PRODUCTION, 'fragment_not_allowed'],
  ['https://shop.example:22/', PRODUCTION, 'port_not_allowed'],
  ['https://shop.example:80/', PRODUCTION, 'port_not_allowed'],
  ['https://shop.example:0/', LOCAL, 'port_not_allowed'],
  ['https://localhost/', PRODUCTION, 'host_not_allowed'],
  ['https://localhost/', SANDBOX, 'host_not_allowed'],
  ['http://metadata.google.internal/', LOCAL, 'host_not_allowed'],
  ['https://127.0.0.1/', PRODUCTION, 'address_not_allowed'],
  ['https://2130706433/', PRODUCTION, 'address_not_allowed'],
  ['http://10.0.0.1/', LOCAL, 'address_not_allowed'],
  ['http://169.254.169.254/', { ...LOCAL, allowedPrivateRanges: ['169.254.0.0/16'] }, 'address_not_allowed'],
];

test.each(REFUSALS)('%s is refused with a stable code', (url, policy, code) => {
  const verdict = checkUrl(url, policy);
  expect(verdict).toEqual({ ok: false, code, message: expect.any(String) });
  expect(!verdict.ok && verdict.message).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
});

test.each([
  ['https', PRODUCTION],
  ['http or https', PLAIN_HTTP],
  ['http or https', SANDBOX],
])('the refusal of a scheme names what is admitted: %s', (schemes, policy) => {
  expect(checkUrl('ftp://shop.example/', policy)).toMatchObject({ message: `must use ${schemes}` });
});

test.each<[string, OutboundPolicy]>([
  ['http://shop.example/', PLAIN_HTTP],
  ['http://shop.example:443/', PLAIN_HTTP],
  ['https://shop.example:9443/', { ...PRODUCTION, extraPorts: [9443] }],
  ['http://shop.example/', SANDBOX],
  ['http://localhost:3000/hooks', LOCAL],
  ['http://127.0.0.1:3000/hooks', LOCAL],
  ['http://[::1]:3000/hooks', LOCAL],
  ['http://receiver:9000/hooks', LOCAL],
  ['https://shop.example:1/', LOCAL],
])('%s is admitted where the policy says so', (url, policy) => {
  expect(checkUrl(url, policy)).toMatchObject({ ok: true });
});

test('two URLs that the parser reads the same way get the same verdict, however they are spelled', () => {
  const disagreements = DISGUISED_HOSTS.filter((host) => {
    const verdict = checkUrl(`http://${host}/`, LOCAL);
    return verdict.ok && !admitted(verdict.url.href, LOCAL);
  });
  expect(disagreements).toEqual([]);
});
