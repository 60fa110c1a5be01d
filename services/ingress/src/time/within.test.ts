import { within } from './within.ts';

describe('within', () => {
  it('is what comes of the work in time, also when that fails', async () => {
    expect(await within(Promise.resolve(1), 60_000, 'late')).toBe(1);
    await expect(within(Promise.reject(new Error('broken')), 60_000, 'late')).rejects.toThrow('broken');
  });

  it('is late otherwise, and work that fails afterwards is no unhandled rejection', async () => {
    const { promise, reject } = Promise.withResolvers<number>();
    expect(await within(promise, 1, 'late')).toBe('late');
    reject(new Error('too late to be heard'));
    await new Promise(setImmediate);
  });
});
