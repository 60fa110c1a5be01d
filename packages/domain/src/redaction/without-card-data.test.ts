import { withoutCardData } from './without-card-data.ts';

describe('withoutCardData', () => {
  it('takes out card data and secrets by the names of their fields, in any spelling', () => {
    const untellable = {
      pan: '4111',
      cardNumber: 'x',
      'card-number': 'x',
      CVV: '737',
      cvc2: 737,
      card_cvc: '737',
      security_code: '1',
      track2Data: 't',
      client_secret: 'pi_1_secret_2',
      apiKey: 'k',
    };
    expect(withoutCardData({ card: untellable })).toEqual({
      card: Object.fromEntries(Object.keys(untellable).map((name) => [name, '[removed]'])),
    });
  });

  it('takes card numbers out of every text and every number', () => {
    expect(withoutCardData({ note: ['card 4111 1111 1111 1111'], n: 4_111_111_111_111_111 })).toEqual({
      note: ['card [number removed]'],
      n: '[number removed]',
    });
  });

  it('tells no number that lost digits when it was read', () => {
    const read: unknown = JSON.parse('[9007199254740993,-9007199254740993,1e400,9007199254740991,0.1]');
    expect(withoutCardData(read)).toEqual([...Array(3).fill('[number not exact]'), 9_007_199_254_740_991, 0.1]);
  });

  it('leaves everything else as it is', () => {
    const object = {
      id: 'pi_1',
      number: 'INV-7',
      cvc_check: 'pass',
      token: 'tok_1',
      secret: true,
      last4: '1111',
      created: 1_700_000_000_000,
      amount: -10.5,
      nothing: null,
      list: [1, [true, '']],
      cvc: '',
    };
    expect(withoutCardData(object)).toEqual(object);
  });

  it('ends at a depth, and takes over no prototype', () => {
    const depth = 50_000;
    const deep: unknown = JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
    expect(JSON.stringify(withoutCardData(deep))).toContain('[too deep]');
    const polluted: unknown = JSON.parse('{"__proto__":{"x":1},"b":{"__proto__":1}}');
    expect(JSON.stringify(withoutCardData(polluted))).toBe('{"b":{}}');
  });
});
