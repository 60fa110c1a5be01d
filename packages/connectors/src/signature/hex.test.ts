import { bytesOfHex } from './hex.ts';

describe('bytesOfHex', () => {
  it.each([
    ['00fF', 2],
    ['00fF', undefined],
  ])('reads %p', (hex, length) => {
    expect(bytesOfHex(hex, length)).toEqual(Buffer.from([0, 255]));
  });

  it.each([
    ['00ff', 1],
    ['00ff', 3],
    ['00f', undefined],
    ['00f', 1.5],
    ['', undefined],
    ['', 0],
    ['zz', undefined],
    ['0x00', undefined],
    [' 0ff', 2],
    ['00ff\n', 2],
    ['00f\n', 2],
  ])('refuses %p of %p bytes', (hex, length) => {
    expect(bytesOfHex(hex, length)).toBeNull();
  });
});
