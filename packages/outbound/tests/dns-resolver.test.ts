import { createDnsResolver } from '../src/resolver/dns-resolver.ts';
import { type NameAnswer, NXDOMAIN, SERVFAIL, startNameServer } from '../src/testing/index.ts';

const PUBLIC_A = '93.184.216.34';
const PUBLIC_AAAA = '2606:4700::1';

async function resolveWith(answerTo: (name: string, family: 4 | 6) => NameAnswer, hostname = 'shop.example') {
  const server = await startNameServer(answerTo);
  const resolver = createDnsResolver({ servers: [server.address] });
  try {
    return await resolver.resolve(hostname);
  } finally {
    resolver.close?.();
    await server.close();
  }
}

test('hands out the addresses of both families with their time to live', async () => {
  const answers = await resolveWith(() => ({ a: [PUBLIC_A, '8.8.8.8'], aaaa: [PUBLIC_AAAA], ttlS: 7 }));
  expect(answers).toEqual([
    { address: '93.184.216.34', ttlS: 7 },
    { address: '8.8.8.8', ttlS: 7 },
    { address: '2606:4700::1', ttlS: 7 },
  ]);
});

test.each<[string, NameAnswer]>([
  ['has none', { rcode: 0 }],
  ['fails', { rcode: SERVFAIL }],
  ['never answers', 'silence'],
])('hands out the addresses of one family when the other %s', async (_what, other) => {
  const answers = await resolveWith((_name, family) => (family === 4 ? { a: [PUBLIC_A], ttlS: 7 } : other));
  expect(answers).toEqual([{ address: '93.184.216.34', ttlS: 7 }]);
});

test.each([
  ['SERVFAIL', { rcode: SERVFAIL }],
  ['NXDOMAIN', { rcode: NXDOMAIN }],
  ['an empty answer', { rcode: 0 }],
])('fails on %s in both families', async (_what, answer) => {
  await expect(resolveWith(() => answer)).rejects.toThrow();
});

test('gives up a name server that never answers when it is closed', async () => {
  const server = await startNameServer(() => 'silence');
  const resolver = createDnsResolver({ servers: [server.address] });
  const pending = resolver.resolve('shop.example');
  resolver.close?.();
  await expect(pending).rejects.toThrow();
  await server.close();
});

test('asks for exactly the name, without search domains', async () => {
  const server = await startNameServer(() => ({ rcode: NXDOMAIN }));
  const resolver = createDnsResolver({ servers: [server.address] });
  await expect(resolver.resolve('shop.example')).rejects.toThrow();
  await server.close();
  expect(new Set(server.questions)).toEqual(new Set(['shop.example']));
});

test('neither asks for localhost nor reads a hosts file', async () => {
  const server = await startNameServer(() => ({ rcode: NXDOMAIN }));
  await expect(createDnsResolver({ servers: [server.address] }).resolve('localhost')).rejects.toThrow();
  await server.close();
});

test('fails when the answer is truncated and cannot be had in full', async () => {
  await expect(resolveWith(() => ({ a: [PUBLIC_A], truncated: true }))).rejects.toThrow();
});

test('keeps no answer by itself, so that only our cache decides how long one is used', async () => {
  const server = await startNameServer(() => ({ a: [PUBLIC_A], ttlS: 300 }));
  const resolver = createDnsResolver({ servers: [server.address] });
  for (let round = 0; round < 3; round += 1) await resolver.resolve('shop.example');
  await server.close();
  expect(server.questions).toHaveLength(6);
});
