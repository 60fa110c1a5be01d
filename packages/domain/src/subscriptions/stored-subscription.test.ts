import { unusableFields } from './stored-subscription.ts';

const STORED = {
  url: 'https://shop.example/hooks',
  event_types: ['payment_*'],
  status: 'enabled',
  authentication: { type: 'none' },
  headers: { 'X-Shop': '17' },
  event_style: 'snake_case',
  success: '2xx',
  retry_policy: 'exponential-24h',
  max_in_flight: 20,
  rate_limit_per_s: null,
  timeout_ms: 15_000,
  something_newer: true,
};

test('a stored subscription that is well has no unusable field, whatever else is stored with it', () => {
  expect(unusableFields(STORED)).toEqual([]);
  expect(unusableFields({ ...STORED, url: 'http://127.0.0.1:1/', event_types: ['a_type_that_was'] })).toEqual([]);
  // Reserved since: the gateway's own header wins.
  expect(unusableFields({ ...STORED, headers: { 'user-agent': 'x' } })).toEqual([]);
});

test.each<[string, unknown]>([
  ['url', 'no url'],
  ['url', 'ftp://shop.example/'],
  ['url', null],
  ['event_types', '*'],
  ['status', 'paused'],
  ['authentication', { type: 'digest' }],
  ['authentication', { type: 'bearer', token: 'a\nb' }],
  ['headers', { 'X Shop': '17' }],
  ['headers', { '': '17' }],
  ['headers', { 'X-Shop': 'a\r\nb: c' }],
  ['headers', null],
  ['event_style', 'kebab-case'],
  ['success', 200],
  ['retry_policy', 'for-ever'],
  ['max_in_flight', 0],
  ['rate_limit_per_s', -1],
  ['timeout_ms', '15s'],
])('%s that is %j is named, and its content is not', (field, value) => {
  expect(unusableFields({ ...STORED, [field]: value })).toEqual([field]);
});
