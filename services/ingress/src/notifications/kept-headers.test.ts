import { keptHeaders } from './kept-headers.ts';

describe('keptHeaders', () => {
  it('keeps every repetition, and no credentials', () => {
    const headers = {
      'x-signature': ['a', 'b'],
      authorization: ['Basic x'],
      cookie: ['c'],
      'proxy-authorization': ['d'],
      'x-auth-token': ['e'],
    };
    expect(keptHeaders(headers)).toEqual({ 'x-signature': ['a', 'b'] });
  });

  it('leaves out names that MongoDB or JavaScript would take for something else', () => {
    const headers = Object.create(null);
    for (const name of ['$where', 'a.b', '__proto__', 'x-ok']) {
      headers[name] = ['v'];
    }
    expect(Object.keys(keptHeaders(headers))).toEqual(['x-ok']);
  });

  it('keeps no more than 64 headers and 8 KiB', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, ['v']]));
    expect(Object.keys(keptHeaders(many))).toHaveLength(64);
    expect(keptHeaders({ 'x-long': ['v'.repeat(9_000)] })).toEqual({});
  });
});
