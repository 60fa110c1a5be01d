import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHostsFileResolver } from './hosts-file-resolver.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owngateway-hosts-'));
  file = join(folder, 'hosts');
  await writeFile(
    file,
    '# a comment 10.9.9.9 commented\n127.0.0.1\tlocalhost\n::1 localhost ip6-localhost # the same\n\n172.18.0.4 Receiver receiver.test\nnonsense receiver\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function resolve(hostname: string, path = file): Promise<string[] | 'asked'> {
  const inner = { resolve: () => Promise.reject(new Error('asked')) };
  const found = await createHostsFileResolver(inner, path)
    .resolve(hostname)
    .catch(() => null);
  return found === null ? 'asked' : found.map(({ address }) => address);
}

test.each([
  ['localhost', ['127.0.0.1', '::1']],
  ['receiver', ['172.18.0.4']],
  ['receiver.test', ['172.18.0.4']],
  ['app.localhost', ['127.0.0.1']],
  ['commented', 'asked'],
  ['shop.example', 'asked'],
])('knows %s as %j', async (hostname, expected) => {
  expect(await resolve(hostname)).toEqual(expected);
});

test('knows localhost where there is no file', async () => {
  expect(await resolve('localhost', join(folder, 'none'))).toEqual(['127.0.0.1']);
  expect(await resolve('receiver', join(folder, 'none'))).toBe('asked');
});
