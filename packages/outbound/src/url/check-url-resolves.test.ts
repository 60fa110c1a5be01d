import type { OutboundPolicy } from '../policy.ts';
import { createNameSystem } from '../resolver/name-system.ts';
import type { Resolver } from '../resolver/resolver.ts';
import { checkUrlResolves } from './check-url-resolves.ts';

const PRODUCTION: OutboundPolicy = { environment: 'production', allowHttp: false, allowedPrivateRanges: [] };
const URL_OF_SHOP = 'https://shop.example/hooks';

const answering = (...addresses: string[]): Resolver => ({
  resolve: async () => addresses.map((address) => ({ address })),
});

test('admits a name whose every address is public', async () => {
  const verdict = await checkUrlResolves(URL_OF_SHOP, PRODUCTION, answering('93.184.216.34', '2606:4700::1'));
  expect(verdict).toMatchObject({ ok: true, url: new URL(URL_OF_SHOP) });
});

test.each([
  ['loopback', ['127.0.0.1']],
  ['a public and a private address', ['93.184.216.34', '10.0.0.1']],
  ['a public IPv4 and a forbidden IPv6 address', ['93.184.216.34', '::ffff:7f00:1']],
  ['metadata', ['169.254.169.254']],
  ['something that is no address', ['shop.example']],
])('refuses a name that resolves to %s, without naming the address', async (_what, addresses) => {
  const verdict = await checkUrlResolves(URL_OF_SHOP, PRODUCTION, answering(...addresses));
  expect(verdict).toEqual({
    ok: false,
    code: 'address_not_allowed',
    message: 'must point to a public address',
  });
});

test.each<[string, Resolver]>([
  ['fails', { resolve: () => Promise.reject(new Error('SERVFAIL')) }],
  [
    'throws',
    {
      resolve: () => {
        throw new Error('broken');
      },
    },
  ],
  ['knows no address', answering()],
])('fails closed when the resolver %s', async (_what, resolver) => {
  expect(await checkUrlResolves(URL_OF_SHOP, PRODUCTION, resolver)).toMatchObject({ code: 'host_not_resolvable' });
});

test('asks the name system neither for refused URLs nor for literal addresses', async () => {
  const asked: string[] = [];
  const resolver: Resolver = {
    resolve: async (hostname) => {
      asked.push(hostname);
      return [];
    },
  };
  expect(await checkUrlResolves('https://127.0.0.1/', PRODUCTION, resolver)).toMatchObject({
    code: 'address_not_allowed',
  });
  expect(await checkUrlResolves(new URL('https://8.8.8.8/'), PRODUCTION, resolver)).toMatchObject({ ok: true });
  expect(asked).toEqual([]);
});

test('knows localhost in a sandbox that admits loopback', async () => {
  const policy: OutboundPolicy = {
    environment: 'sandbox',
    allowHttp: true,
    allowedPrivateRanges: ['127.0.0.0/8', '::1/128'],
    anyPort: true,
  };
  const resolver = createNameSystem({ policy });
  expect(await checkUrlResolves('http://localhost:3000/', policy, resolver)).toMatchObject({ ok: true });
});
