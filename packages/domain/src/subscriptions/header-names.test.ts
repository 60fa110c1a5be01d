import { headerNameFault, isHeaderValue } from './header-names.ts';

describe('headerNameFault', () => {
  test.each([
    'Host',
    'CONNECTION',
    'Content-Length',
    'Transfer-Encoding',
    'Expect',
    'Trailer',
    'Cookie',
    'Webhook-Id',
    'webhook-signature',
    'X-Signature',
    'X-Event-Type',
    'X-Delivery-Id',
    'X-Delivery-Attempt',
    'X-Forwarded-For',
    'Forwarded',
    'Content-Type',
    'User-Agent',
    'Upgrade',
    'Proxy-Authorization',
    '',
    'X Tenant',
    'X:Tenant',
    'X-Tenant\r\nX-Signature',
    'X-Ténant',
    '__proto__ ',
    'a'.repeat(65),
  ])('%j can be set neither as a header nor as authentication', (name) => {
    expect(headerNameFault(name, 'headers')).not.toBeNull();
    expect(headerNameFault(name, 'authentication')).not.toBeNull();
  });

  test('Authorization belongs to authentication', () => {
    expect(headerNameFault('Authorization', 'headers')).toContain('authentication');
    expect(headerNameFault('Authorization', 'authentication')).toBeNull();
  });

  test.each(['X-Tenant', 'x-api-key', 'Traceparent', 'Webhook'])('%s is free', (name) => {
    expect(headerNameFault(name, 'headers')).toBeNull();
  });
});

describe('isHeaderValue', () => {
  test.each(['7', 'Bearer abc', '~'])('%j can be sent', (value) => expect(isHeaderValue(value)).toBe(true));
  test.each(['', ' 7', '7 ', 'a\r\nb', 'a\nb', 'a\0b', 'a\tb', 'é', '7\n'])('%j cannot', (value) =>
    expect(isHeaderValue(value)).toBe(false),
  );
});
