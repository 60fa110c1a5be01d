import { RememberedValues } from './remembered-values.ts';

function setUp(capacity = 10) {
  const time = { ms: 0 };
  const values = new RememberedValues(capacity, () => new Date(time.ms));
  const loads: string[] = [];
  const load = (key: string, ms = 1_000) =>
    values.remember(key, async () => {
      loads.push(key);
      return { value: `${key}${loads.length}`, until: new Date(time.ms + ms) };
    });
  return { values, time, loads, load };
}

describe('RememberedValues', () => {
  it('loads once however many ask, and again when the time is over', async () => {
    const { load, loads, time } = setUp();
    expect(await Promise.all([load('a'), load('a'), load('a')])).toEqual(['a1', 'a1', 'a1']);
    expect(await load('a')).toBe('a1');
    time.ms = 1_000;
    expect(await load('a')).toBe('a2');
    expect(loads).toEqual(['a', 'a']);
  });

  it('forgets what was unused for longest', async () => {
    const { load } = setUp(2);
    await load('a');
    await load('b');
    expect(await load('a')).toBe('a1');
    await load('c');
    expect([await load('a'), await load('b')]).toEqual(['a1', 'b4']);
  });

  it('remembers nothing of a load that fails, and tells everybody who waits', async () => {
    const { values, load } = setUp();
    const failing = () => values.remember('a', () => Promise.reject(new Error('away')));
    const results = await Promise.allSettled([failing(), failing()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await load('a')).toBe('a1');
  });
});
