import { withoutCardNumbers } from './without-card-numbers.ts';

// Test numbers that card schemes and processors publish; none belongs to anybody.
const CARDS = [
  '4111111111111111',
  '4000000000000002',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '30569309025904',
  '6011111111111117',
  '3530111333300000',
  '6304000000000000',
  '4222222222222',
  '6205500000000000004',
];

describe('withoutCardNumbers', () => {
  it.each(CARDS)('removes %s in every spelling and place', (card) => {
    const groups = card.match(/.{1,4}/g) ?? [];
    for (const spelling of [card, groups.join(' '), groups.join('-')]) {
      for (const [before, after] of [
        ['', ''],
        ['{"pan":"', '"}'],
        ['card', 'declined'],
        ['at 12 ', ' of 2026-11-21'],
        ['order 17-', ''],
      ]) {
        const kept = withoutCardNumbers(`${before}${spelling}${after}`);
        // A number that stands right beside it may go with it.
        expect([
          `${before}[number removed]${after}`,
          `${before?.replace(/\d+.$/, '')}[number removed]${after}`,
        ]).toContain(kept);
      }
    }
  });

  it('leaves other numbers alone', () => {
    for (const text of [
      '',
      'ok',
      '4111111111111112',
      '411111111111',
      '41111111111111110000',
      '2026-11-21T10:00:00.000Z',
      '1700000000000',
      'evt_01a19467e800158ebfd3a09cf8d0554c',
      '+49 30 1234567',
    ]) {
      expect(withoutCardNumbers(text)).toBe(text);
    }
  });

  it('removes the beginning of a number that a text was cut in', () => {
    expect(withoutCardNumbers('{"pan":"411111111111', { isCut: true })).toBe('{"pan":"[number removed]');
    expect(withoutCardNumbers('{"pan":"4111 1111 1111 11', { isCut: true })).toBe('{"pan":"[number removed]');
    expect(withoutCardNumbers('{"n":123456', { isCut: true })).toBe('{"n":123456');
    expect(withoutCardNumbers('{"pan":"411111111111')).toBe('{"pan":"411111111111');
  });

  it('takes a moment for any text', () => {
    for (const text of ['1'.repeat(200_000), '1 '.repeat(100_000), '12-'.repeat(70_000)]) {
      const startedAt = performance.now();
      withoutCardNumbers(text, { isCut: true });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });
});
