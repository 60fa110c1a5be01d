import { type BoundedResolverOptions, createBoundedResolver } from './bounded-resolver.ts';
import type { ResolvedAddress } from './resolver.ts';

const PUBLIC: readonly ResolvedAddress[] = [{ address: '93.184.216.34' }];

/** A name system in which names with `slow` never get an answer, and the others wait until the test says so. */
function heldResolver(options: Partial<BoundedResolverOptions>) {
  const clock = { nowMs: 0 };
  const asked: string[] = [];
  const held: (() => void)[] = [];
  const resolver = createBoundedResolver(
    {
      resolve(hostname) {
        asked.push(hostname);
        if (hostname.startsWith('slow')) return new Promise(() => {});
        return new Promise((resolve) => held.push(() => resolve(PUBLIC)));
      },
    },
    { nowMs: () => clock.nowMs, budgetMs: 40, slowAfterMs: 20, ...options },
  );
  return { clock, asked, held, resolver };
}

test('asks for so many names at a time; the others wait for their turn', async () => {
  const { asked, held, resolver } = heldResolver({ lookups: 2, budgetMs: 10_000, slowAfterMs: 10_000 });
  const answers = ['a', 'b', 'c', 'd'].map((name) => resolver.resolve(name));
  expect(asked).toEqual(['a', 'b']);
  for (let round = 0; round < 4; round += 1) {
    held.shift()?.();
    await answers[round];
  }
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
});

test('gives up after the budget, and lets the next one go', async () => {
  const { asked, held, resolver } = heldResolver({ lookups: 1 });
  await expect(resolver.resolve('slow')).rejects.toThrow('no answer in time');
  const next = resolver.resolve('a');
  expect(asked).toEqual(['slow', 'a']);
  held.shift()?.();
  expect(await next).toBe(PUBLIC);
});

test('the budget includes the wait: whoever it ends for is not asked for any more', async () => {
  const { clock, asked, held, resolver } = heldResolver({ lookups: 1 });
  const results = await Promise.allSettled(['slow', 'a', 'b'].map((name) => resolver.resolve(name)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(asked.filter((name) => name === 'slow')).toHaveLength(1);
  clock.nowMs = 60_000;
  const later = resolver.resolve('c');
  held.at(-1)?.();
  expect(await later).toBe(PUBLIC);
});

test('only a few may be slow: the others are given up when they become slow', async () => {
  const { asked, resolver } = heldResolver({ slowLookups: 1, budgetMs: 10_000, slowAfterMs: 20 });
  let firstIsOver = false;
  void resolver.resolve('slow1').catch(() => {
    firstIsOver = true;
  });
  await expect(resolver.resolve('slow2')).rejects.toThrow('no answer in time');
  await expect(resolver.resolve('slow3')).rejects.toThrow('no answer in time');
  expect(firstIsOver).toBe(false);
  expect(asked).toEqual(['slow1', 'slow2', 'slow3']);
});

test('a name that was slow for nothing rests, and asking for it fails at once', async () => {
  const { clock, asked, resolver } = heldResolver({});
  await expect(resolver.resolve('slow')).rejects.toThrow('no answer in time');
  await expect(resolver.resolve('slow')).rejects.toThrow('rests');
  expect(asked).toEqual(['slow']);
  clock.nowMs = 2_000;
  await expect(resolver.resolve('slow')).rejects.toThrow('no answer in time');
  expect(asked).toEqual(['slow', 'slow']);
});

test('a name that only waited for its turn does not rest', async () => {
  const { held, resolver } = heldResolver({ lookups: 1 });
  await Promise.allSettled([resolver.resolve('slow'), resolver.resolve('a')]);
  const again = resolver.resolve('a');
  held.at(-1)?.();
  expect(await again).toBe(PUBLIC);
});

test.each([
  ['throws', new Error('broken')],
  ['rejects', new Error('SERVFAIL')],
])('a resolver that %s at once costs no turn and no rest', async (how, error) => {
  const resolver = createBoundedResolver(
    {
      resolve() {
        if (how === 'throws') throw error;
        return Promise.reject(error);
      },
    },
    { nowMs: () => 0, lookups: 1 },
  );
  for (let round = 0; round < 3; round += 1) await expect(resolver.resolve('a')).rejects.toBe(error);
});
