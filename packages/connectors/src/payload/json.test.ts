import { readJsonNumbersAsWritten } from './json.ts';

describe('readJsonNumbersAsWritten', () => {
  it.each([
    ['{"a":20.10,"b":[-0,1e2],"c":"20.10"}', { a: '20.10', b: ['-0', '1e2'], c: '20.10' }],
    ['{"a":1.00000000000000001}', { a: '1.00000000000000001' }],
    ['{"a":1,"a":2.50}', { a: '2.50' }],
    ['9007199254740993', '9007199254740993'],
    ['[true,null,{}]', [true, null, {}]],
  ])('reads %s', (body, value) => {
    expect(readJsonNumbersAsWritten(Buffer.from(body))).toEqual({ ok: true, value });
  });

  it('makes no prototype of __proto__', () => {
    const reading = readJsonNumbersAsWritten(Buffer.from('{"__proto__":{"polluted":1}}'));
    const value = reading.ok ? reading.value : null;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":"1"}}');
  });

  it.each(['{"a":', '01', ''])('refuses %p', (body) => {
    expect(readJsonNumbersAsWritten(Buffer.from(body)).ok).toBe(false);
  });
});
