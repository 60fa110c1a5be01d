import { orderReferenceIn, reference, stringsOf, text, textsOf } from './fields.ts';
import { readJson } from './json.ts';
import { currencyOf, minorUnitsOf, minorUnitsOfDecimal } from './money.ts';
import { timeOfText, timeOfUnixSeconds } from './time.ts';

describe('readJson', () => {
  it.each([
    ['{"a":1e400}', { a: Number.POSITIVE_INFINITY }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['\ufeff[]', []],
  ])('reads %s', (body, value) => {
    expect(readJson(Buffer.from(body))).toEqual({ ok: true, value });
  });
});

describe('fields', () => {
  it('takes references of 1 to 255 characters', () => {
    expect([reference('x'.repeat(255)), reference(''), reference('x'.repeat(256)), reference(7)]).toEqual([
      'x'.repeat(255),
      null,
      null,
      null,
    ]);
    expect(text('x'.repeat(256))).toHaveLength(256);
  });

  it('keeps the strings of an object, and no key that could become a prototype', () => {
    const found = stringsOf(JSON.parse('{"a":"1","b":2,"c":null,"__proto__":"x","constructor":"y"}'));
    expect(Object.entries(found)).toEqual([
      ['a', '1'],
      ['constructor', 'y'],
    ]);
    expect(stringsOf(['a'])).toEqual({});
  });

  it('writes plain values as text, and leaves out what would not be what was sent', () => {
    const plain = textsOf(
      JSON.parse('{"a":"1","b":12345,"c":true,"d":1.5,"e":9007199254740993,"f":{},"__proto__":"x"}'),
    );
    expect(plain).toEqual({ a: '1', b: '12345', c: 'true' });
  });

  it('finds the order among metadata', () => {
    expect(orderReferenceIn({ other: '1', merchant_reference: '2', order_reference: '3' })).toBe('2');
  });
});

describe('minorUnitsOf', () => {
  const shifts = { ISK: -2, IDR: 2 };

  it.each([
    [1000, 'EUR', 1000],
    [-1000, 'EUR', -1000],
    [-0, 'EUR', 0],
    [-0, 'ISK', 0],
    [500, 'ISK', 5],
    [550, 'ISK', null],
    [5, 'IDR', 500],
    [10.5, 'IDR', null],
    [Number.MAX_SAFE_INTEGER, 'EUR', Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 'IDR', null],
    [2 ** 53, 'EUR', null],
    [Number.POSITIVE_INFINITY, 'EUR', null],
    ['1000', 'EUR', null],
    [1000, null, 1000],
  ])('takes %p %s as %p', (value, currency, expected) => {
    expect(minorUnitsOf(value, currency, shifts)).toBe(expected);
  });

  it.each([
    ['10.00', 'USD', 1000],
    ['1.15', 'USD', 115],
    ['100', 'JPY', 100],
    ['100.00', 'JPY', 100],
    ['1.234', 'KWD', 1234],
    ['-0.5', 'EUR', -50],
    ['1.005', 'EUR', null],
    ['1,00', 'EUR', null],
    ['1e2', 'EUR', null],
    ['10.00', 'XXX', null],
    ['10.00', null, null],
    [10, 'EUR', null],
  ])('takes the decimal %p %s as %p', (value, currency, expected) => {
    expect(minorUnitsOfDecimal(value, currency)).toBe(expected);
  });

  it('writes currencies in upper case and refuses what is none', () => {
    expect(['eur', 'EURO', 'E1R', 978].map(currencyOf)).toEqual(['EUR', null, null, null]);
  });
});

describe('time', () => {
  it.each([
    ['2024-01-01T10:00:00+01:00', '2024-01-01T09:00:00.000Z'],
    ['2024-01-01T00:00:00.123456Z', '2024-01-01T00:00:00.123Z'],
  ])('reads %s', (value, expected) => {
    expect(timeOfText(value)?.toISOString()).toBe(expected);
  });

  it.each(['2024-01-01', '2024-13-01T00:00:00Z', '1', 'yesterday', '2024-01-01T00:00:00', 1, null])(
    'does not guess at %p',
    (value) => {
      expect(timeOfText(value)).toBeNull();
    },
  );

  it('reads whole seconds that RFC 3339 can write', () => {
    expect(timeOfUnixSeconds(1_700_000_000)?.toISOString()).toBe('2023-11-14T22:13:20.000Z');
    expect([-1, 1.5, 1e12, '1700000000', undefined].map(timeOfUnixSeconds)).toEqual([null, null, null, null, null]);
  });
});
