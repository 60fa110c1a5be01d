import fc from 'fast-check';
import { bytesOfBase64 } from './base64.ts';

describe('bytesOfBase64', () => {
  it('gives what was written, for the length that it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(bytesOfBase64(base64, bytes.length)).toEqual(Buffer.from(bytes));
        expect(bytesOfBase64(base64, bytes.length + 1)).toBeNull();
      }),
    );
  });

  it.each([
    ['without padding', 'AAA'],
    ['with spare bits', 'AAB='],
    ['in the alphabet of URLs', '_-8='],
    ['with white space', 'AA A'],
    ['with a line break', 'AAA\n'],
    ['with padding in between', 'A=A='],
    ['that is not Latin', 'ÀAA='],
  ])('gives nothing for a text %s', (_, base64) => {
    expect(bytesOfBase64(base64, 2)).toBeNull();
  });
});
