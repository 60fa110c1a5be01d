import { createBoundedResolver } from './bounded-resolver.ts';
import type { ResolvedAddress } from './resolver.ts';

const PUBLIC: readonly ResolvedAddress[] = [{ address: '93.184.216.34' }];
const BUDGET_MS = 40;

/** A name system in which names with `slow` never get an answer, and the others wait until the test says so. */
function heldResolver(sizes: { usualLookups: number; tardyLookups: number }) {
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
    { nowMs: () => clock.nowMs, budgetMs: BUDGET_MS, ...sizes },
  );
  return { clock, asked, held, resolver };
}

test('asks for so many names at a time; the others wait for their turn', async () => {
  const { asked, held, resolver } = heldResolver({ usualLookups: 2, tardyLookups: 1 });
  const answers = ['a', 'b', 'c', 'd'].map((name) => resolver.resolve(name));
  expect(asked).toEqual(['a', 'b']);
  for (let round = 0; round < 4; round += 1) {
    held.shift()?.();
    await answers[round];
  }
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
});

test('gives up after the budget, and lets the next one go', async () => {
  const { asked, held, resolver } = heldResolver({ usualLookups: 1, tardyLookups: 1 });
  await expect(resolver.resolve('slow')).rejects.toThrow('no answer in time');
  const next = resolver.resolve('a');
  expect(asked).toEqual(['slow', 'a']);
  held.shift()?.();
  expect(await next).toBe(PUBLIC);
});

test('the budget includes the wait: whoever it ends for is not asked for any more', async () => {
  const { asked, resolver } = heldResolver({ usualLookups: 1, tardyLookups: 1 });
  const results = await Promise.allSettled(['slow', 'a', 'b'].map((name) => resolver.resolve(name)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(asked.filter((name) => name === 'slow')).toHaveLength(1);
});

test('names that got no answer in time share a lane of their own for a minute', async () => {
  const { clock, asked, held, resolver } = heldResolver({ usualLookups: 2, tardyLookups: 1 });
  await Promise.allSettled([resolver.resolve('slow1'), resolver.resolve('slow2')]);
  asked.length = 0;

  const slow = [resolver.resolve('slow1'), resolver.resolve('slow2')];
  const quick = [resolver.resolve('a'), resolver.resolve('b')];
  expect(asked).toEqual(['slow1', 'a', 'b']);
  for (const answer of held.splice(0)) answer();
  expect(await Promise.all(quick)).toEqual([PUBLIC, PUBLIC]);
  await Promise.allSettled(slow);

  clock.nowMs = 60_000;
  asked.length = 0;
  const later = [resolver.resolve('slow1'), resolver.resolve('slow2')];
  expect(asked).toEqual(['slow1', 'slow2']);
  await Promise.allSettled(later);
});

test.each([
  ['throws', new Error('broken')],
  ['rejects', new Error('SERVFAIL')],
])('a resolver that %s costs no turn', async (how, error) => {
  const resolver = createBoundedResolver(
    {
      resolve() {
        if (how === 'throws') throw error;
        return Promise.reject(error);
      },
    },
    { nowMs: () => 0, usualLookups: 1, tardyLookups: 1 },
  );
  for (let round = 0; round < 3; round += 1) await expect(resolver.resolve('a')).rejects.toBe(error);
});
