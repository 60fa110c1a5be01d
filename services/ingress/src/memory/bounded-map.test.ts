import { BoundedMap } from './bounded-map.ts';

describe('BoundedMap', () => {
  it('forgets what was unused for longest, and never holds more than its capacity', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
  });

  it('replaces without forgetting others', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.delete('b');
    expect([map.get('a'), map.get('b'), map.size]).toEqual([3, undefined, 1]);
  });
});
