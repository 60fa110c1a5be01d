import fc from 'fast-check';
import { MAX_RETRY_AFTER_S, parseRetryAfter } from './retry-after.ts';

const NOW = new Date('2026-11-01T12:00:00.250Z');

describe('parseRetryAfter', () => {
  test.each<[string | undefined, number | null]>([
    [undefined, null],
    ['', null],
    ['0', null],
    ['000', null],
    ['1', 1],
    [' 30 ', 30],
    ['3600', 3600],
    ['3601', 3600],
    ['315360000', 3600],
    ['9'.repeat(64), 3600],
    ['9'.repeat(65), null],
    ['-1', null],
    ['+5', null],
    ['1.5', null],
    ['1e3', null],
    ['0x10', null],
    ['soon', null],
    ['120, 120', null],
    ['Sun, 01 Nov 2026 12:00:30 GMT', 30],
    ['Sun, 01 Nov 2026 12:00:00 GMT', null],
    ['Sun, 01 Nov 2026 11:59:59 GMT', null],
    ['Fri, 01 Nov 2036 12:00:00 GMT', 3600],
    ['Sunday, 01-Nov-26 12:00:30 GMT', 30],
    ['Sunday, 01-Nov-94 12:00:30 GMT', null],
    ['Sun Nov  1 12:00:30 2026', 30],
    ['Sun, 31 Nov 2026 12:00:30 GMT', null],
    ['Sun, 01 Foo 2026 12:00:30 GMT', null],
    ['Sun, 01 Nov 2026 25:00:30 GMT', null],
    ['Sun, 01 Nov 2026 12:00:30 +0100', null],
    ['2026-11-01T12:00:30Z', null],
    ['Sat, 31 Dec 2026 23:59:60 GMT', 3600],
  ])('%s is %s', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });

  test('whatever the header says, the answer is null or whole seconds from 1 to the bound', () => {
    const anyHeader = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(anyHeader, (header) => {
        const seconds = parseRetryAfter(header, NOW);
        expect(seconds === null || (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_RETRY_AFTER_S)).toBe(
          true,
        );
      }),
    );
  });

  test('a date within the hour never asks for an earlier moment than it names', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_599_000 }), (aheadMs) => {
        const named = new Date(Math.floor((NOW.getTime() + aheadMs) / 1_000) * 1_000);
        const seconds = parseRetryAfter(named.toUTCString(), NOW) ?? 0;
        const asked = NOW.getTime() + seconds * 1_000;
        expect(asked).toBeGreaterThanOrEqual(Math.min(named.getTime(), NOW.getTime() + MAX_RETRY_AFTER_S * 1_000));
        expect(asked - named.getTime()).toBeLessThan(1_000);
      }),
    );
  });
});
