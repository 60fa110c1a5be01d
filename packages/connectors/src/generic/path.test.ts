import fc from 'fast-check';
import { parsePath, valueAt } from './path.ts';

const at = (root: unknown, text: string) => valueAt(root, parsePath(text) ?? ['no such path']);

describe('a path', () => {
  it.each([
    ['id', ['id']],
    ['data.object.id', ['data', 'object', 'id']],
    ['items[0].id', ['items', 0, 'id']],
    ['[2][10]', [2, 10]],
    ['["event.type"]', ['event.type']],
    ['a["b c"].d-e', ['a', 'b c', 'd-e']],
    ['a.0', ['a', '0']],
  ])('%s is read', (text, path) => {
    expect(parsePath(text)).toEqual(path);
  });

  it.each([
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    'a[',
    'a[x]',
    'a[-1]',
    'a[99999]',
    'a[0]b',
    '["a"]b',
    "['a']",
    'a["]',
    '$',
    '$.a',
    'a b',
    'a.*',
    'a[]',
    'ä',
  ])('%p is none', (text) => {
    expect(parsePath(text)).toBeNull();
  });

  it('has at most 20 steps, and is read in time that grows with its length only', () => {
    expect(parsePath(Array(20).fill('a').join('.'))).toHaveLength(20);
    expect(parsePath(Array(21).fill('a').join('.'))).toBeNull();
    expect(parsePath('a'.repeat(1_000_000))).toBeNull();
    expect(parsePath(`["${'a'.repeat(1_000_000)}`)).toBeNull();
  });

  it('finds own fields only', () => {
    const polluted = JSON.parse('{"a":{"__proto__":{"b":1},"list":[1]}}');
    expect(at(polluted, 'a.__proto__.b')).toBe(1);
    expect(
      ['a.constructor', 'a.toString', 'a.list.length', 'constructor.prototype', 'a.list["0"]', 'a[0]'].map((text) =>
        at(polluted, text),
      ),
    ).toEqual(Array(6).fill(undefined));
    expect(at({}, '__proto__')).toBeUndefined();
    expect(at('text', 'length')).toBeUndefined();
    expect(at(null, 'a')).toBeUndefined();
    expect(at([[7]], '[0][0]')).toBe(7);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (text, root) => {
        valueAt(root, parsePath(text) ?? []);
      }),
    );
  });
});
