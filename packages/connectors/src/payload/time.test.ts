import { timeOfUtcText } from './time.ts';

describe('timeOfUtcText', () => {
  it.each([
    ['2018-06-13T14:18:13.407', '2018-06-13T14:18:13.407Z'],
    ['2018-06-13T14:18:13.407+01:00', '2018-06-13T13:18:13.407Z'],
    ['2018-06-13', undefined],
    ['2018-06-13T14:18:13.407 ', undefined],
    [null, undefined],
  ])('reads %p, which is UTC without an offset', (value, expected) => {
    expect(timeOfUtcText(value)?.toISOString()).toBe(expected);
  });
});
