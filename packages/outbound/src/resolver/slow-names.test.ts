import { createSlowNames } from './slow-names.ts';

function slowNamesAt() {
  const clock = { nowMs: 0 };
  return { clock, names: createSlowNames(() => clock.nowMs) };
}

test('a name rests twice as long each time that it was slow, and half a minute at the most', () => {
  const { clock, names } = slowNamesAt();
  for (const restMs of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    names.wasSlow('slow.example');
    clock.nowMs += restMs - 1;
    expect(names.rests('slow.example')).toBe(true);
    clock.nowMs += 1;
    expect(names.rests('slow.example')).toBe(false);
  }
});

test('an answer, or a minute without being slow, is a new beginning', () => {
  const { clock, names } = slowNamesAt();
  const minuteLater = () => {
    clock.nowMs += 62_000;
  };
  for (const forgive of [() => names.answered('slow.example'), minuteLater]) {
    names.wasSlow('slow.example');
    forgive();
    expect(names.rests('slow.example')).toBe(false);
    names.wasSlow('slow.example');
    clock.nowMs += 2_000;
    expect(names.rests('slow.example')).toBe(false);
    names.answered('slow.example');
  }
});

test('10,000 names are remembered at the most, the latest ones', () => {
  const { names } = slowNamesAt();
  for (let index = 0; index <= 10_000; index += 1) names.wasSlow(`slow${index}.example`);
  expect(names.rests('slow0.example')).toBe(false);
  expect(names.rests('slow1.example')).toBe(true);
  expect(names.rests('slow10000.example')).toBe(true);
  expect(names.rests('other.example')).toBe(false);
});
