import { Room } from './room.ts';

describe('Room', () => {
  it('bounds what is under way in all and for one key, and gives room back however the work ends', async () => {
    const room = new Room({ total: 3, perKey: 2 });
    const { promise, resolve } = Promise.withResolvers<string>();
    const enter = (key: string) => room.run(key, () => promise);
    const [a1, a2] = [enter('a'), enter('a')];
    expect(await enter('a')).toBe('full');
    const b1 = enter('b');
    expect(await enter('c')).toBe('full');
    resolve('done');
    expect(await Promise.all([a1, a2, b1])).toEqual(['done', 'done', 'done']);
    await expect(room.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const all = ['a', 'a', 'b'].map((key) => room.run(key, async () => key));
    expect(await Promise.all(all)).toEqual(['a', 'a', 'b']);
  });
});
