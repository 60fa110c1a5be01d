import { readForm } from './form.ts';

const read = (body: string | Buffer) => {
  const form = readForm(Buffer.from(body));
  return form === null ? null : Object.fromEntries(form);
};

describe('readForm', () => {
  it.each<[string, Record<string, string[]> | null]>([
    ['a=1&b=2', { a: ['1'], b: ['2'] }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a=x+y%2B%0A&&', { a: ['x y+\n'] }],
    ['a', { a: [''] }],
    ['%61=1&a==2', { a: ['1', '=2'] }],
    ['', {}],
    ['a=%', null],
    ['a=%c3%28', null],
    ['a=1&'.repeat(65), null],
  ])('reads %s', (body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it('does not read bytes that are no UTF-8', () => {
    expect(read(Buffer.from([0x61, 0x3d, 0xff]))).toBeNull();
  });
});
