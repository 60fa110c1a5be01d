import { storableHeaders } from './storable-headers.ts';

it('keeps the headers of an answer as they came', () => {
  const headers = { 'content-type': 'text/html', 'retry-after': '5', x_request: 'é' };
  expect(storableHeaders(headers)).toEqual(headers);
});

it('leaves out names that would be paths or operators in a stored document', () => {
  expect(storableHeaders({ 'a.b': '1', $where: '2', "a'b": '3', ok: '4' })).toEqual({ ok: '4' });
});

it('keeps the first 4 KiB of many', () => {
  const headers = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`x-${n}`, 'b']));
  const stored = storableHeaders(headers);
  expect(JSON.stringify(stored).length).toBeLessThan(10_000);
  expect(Object.keys(stored).slice(0, 2)).toEqual(['x-0', 'x-1']);
});

it('counts bytes, not characters', () => {
  expect(storableHeaders({ a: '\u20ac'.repeat(1_400) })).toEqual({});
});

it('keeps no credentials and no card numbers', () => {
  const headers = { 'set-cookie': 'session=1', 'x-api-key': 'k', 'x-declined': 'card 4111 1111 1111 1111', ok: '4' };
  expect(storableHeaders(headers)).toEqual({ 'x-declined': 'card [number removed]', ok: '4' });
});
