import { retryOnConflict } from './retry-on-conflict.ts';

test('tries again until nobody was faster, five times at most', async () => {
  let tries = 0;
  const succeedAt = (wanted: number) => async () => {
    tries += 1;
    return tries === wanted ? 'written' : 'conflict';
  };
  expect(await retryOnConflict(succeedAt(5))).toBe('written');
  tries = 0;
  expect(await retryOnConflict(succeedAt(6))).toBe('conflict');
  expect(tries).toBe(5);
});
