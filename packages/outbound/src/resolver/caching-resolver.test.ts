import { createCachingResolver } from './caching-resolver.ts';
import type { ResolvedAddress } from './resolver.ts';

/** A name system that counts questions and answers with what the test says. */
function countedResolver(answer: () => Promise<readonly ResolvedAddress[]>) {
  const clock = { nowMs: 0 };
  const asked: string[] = [];
  const resolver = createCachingResolver(
    {
      resolve(hostname) {
        asked.push(hostname);
        return answer();
      },
    },
    () => clock.nowMs,
  );
  return { clock, asked, resolver };
}

const address = (ttlS?: number): ResolvedAddress => ({ address: '93.184.216.34', ...(ttlS !== undefined && { ttlS }) });

test.each([
  ['the shortest time to live that the answer has', 10, 10_000],
  ['at most 30 seconds', 86_400, 30_000],
  ['a second when the answer does not say', undefined, 1_000],
])('keeps an answer for %s', async (_what, ttlS, keptMs) => {
  const { clock, asked, resolver } = countedResolver(async () => [address(86_400), address(ttlS)]);
  await resolver.resolve('shop.example');
  clock.nowMs = keptMs - 1;
  await resolver.resolve('shop.example');
  expect(asked).toHaveLength(1);
  clock.nowMs = keptMs;
  await resolver.resolve('shop.example');
  expect(asked).toHaveLength(2);
});

test('uses an answer without a time to live once', async () => {
  const { asked, resolver } = countedResolver(async () => [address(0)]);
  for (let round = 0; round < 3; round += 1) await resolver.resolve('shop.example');
  expect(asked).toHaveLength(3);
});

test('counts the time to live from the question, so that a slow answer is not kept for longer', async () => {
  const { clock, asked, resolver } = countedResolver(async () => {
    clock.nowMs += 1_500;
    return [address(1)];
  });
  await resolver.resolve('shop.example');
  await resolver.resolve('shop.example');
  expect(asked).toHaveLength(2);
});

test('asks once for everyone who asks at the same time, and apart for each name', async () => {
  const { asked, resolver } = countedResolver(async () => [address(0)]);
  await Promise.all(Array.from({ length: 20 }, () => resolver.resolve('shop.example')));
  await resolver.resolve('other.example');
  expect(asked).toEqual(['shop.example', 'other.example']);
});

test('keeps failures and empty answers for a second', async () => {
  const answers = [() => Promise.reject(new Error('SERVFAIL')), async () => [], async () => [address(10)]];
  const { clock, asked, resolver } = countedResolver(() => (answers.shift() ?? (async () => []))());
  for (const nowMs of [0, 999]) {
    clock.nowMs = nowMs;
    await expect(resolver.resolve('shop.example')).rejects.toThrow('SERVFAIL');
  }
  expect(asked).toHaveLength(1);
  for (const nowMs of [1_000, 1_999]) {
    clock.nowMs = nowMs;
    expect(await resolver.resolve('shop.example')).toEqual([]);
  }
  expect(asked).toHaveLength(2);
  clock.nowMs = 2_000;
  expect(await resolver.resolve('shop.example')).toHaveLength(1);
});

test('keeps 10,000 names at the most', async () => {
  const { asked, resolver } = countedResolver(async () => [address(30)]);
  for (let index = 0; index <= 10_000; index += 1) await resolver.resolve(`shop${index}.example`);
  asked.length = 0;
  await resolver.resolve('shop10000.example');
  expect(asked).toEqual([]);
  await resolver.resolve('shop0.example');
  expect(asked).toEqual(['shop0.example']);
});
