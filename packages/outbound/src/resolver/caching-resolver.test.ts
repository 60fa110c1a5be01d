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
  ['the time to live that the answer has', 10, 10_000],
  ['at least a second', 0, 1_000],
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

test('asks once for everyone who asks at the same time, and apart for each name', async () => {
  const { asked, resolver } = countedResolver(async () => [address(10)]);
  await Promise.all(Array.from({ length: 20 }, () => resolver.resolve('shop.example')));
  await resolver.resolve('other.example');
  expect(asked).toEqual(['shop.example', 'other.example']);
});

test('keeps neither failures nor empty answers', async () => {
  const answers = [() => Promise.reject(new Error('SERVFAIL')), async () => [], async () => [address(10)]];
  const { asked, resolver } = countedResolver(() => (answers.shift() ?? (async () => []))());
  await expect(resolver.resolve('shop.example')).rejects.toThrow('SERVFAIL');
  expect(await resolver.resolve('shop.example')).toEqual([]);
  expect(await resolver.resolve('shop.example')).toHaveLength(1);
  expect(asked).toHaveLength(3);
});

test('survives a resolver that throws instead of rejecting', async () => {
  let broken = true;
  const { resolver } = countedResolver(() => {
    if (broken) throw new Error('broken');
    return Promise.resolve([address(10)]);
  });
  await expect(resolver.resolve('shop.example')).rejects.toThrow('broken');
  broken = false;
  expect(await resolver.resolve('shop.example')).toHaveLength(1);
});
