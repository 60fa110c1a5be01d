import fc from 'fast-check';
import { findJsonMistake } from './json-mistake.ts';

describe('findJsonMistake', () => {
  it.each([
    ['', 1, 1],
    ['   ', 1, 4],
    ['{"a":x}', 1, 6],
    ['{a:1}', 1, 2],
    ['{"a":1', 1, 7],
    ['{"a" 1}', 1, 6],
    ['{"a":1,}', 1, 8],
    ['[1,]', 1, 4],
    ['[1 2]', 1, 4],
    ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
    ['{"a":1}}', 1, 8],
    ['1 2', 1, 3],
    ['[01]', 1, 3],
    ['["\u0001"]', 1, 2],
    ['["a\\x"]', 1, 2],
    ['[}', 1, 2],
    ['{]', 1, 2],
    ['nul', 1, 1],
  ])('finds the mistake in %j', (text, line, column) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect(findJsonMistake(text)).toEqual({ line, column });
  });

  it('passes over everything that JSON.parse accepts, up to its end', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(findJsonMistake(json)).toEqual({ line: 1, column: json.length + 1 });
      }),
    );
  });

  it('takes linear time on a long string that does not end', () => {
    const startedAt = performance.now();
    findJsonMistake(`["${'\\"'.repeat(120_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
