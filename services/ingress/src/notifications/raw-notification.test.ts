import type { Request } from 'express';
import { rawNotificationOf } from './raw-notification.ts';

const rawOf = (request: { rawHeaders?: string[]; originalUrl?: string }) =>
  rawNotificationOf(
    { method: 'POST', rawHeaders: [], originalUrl: '/', ...request } as unknown as Request,
    { merchantId: 'm_1', name: 'stripe' },
    Buffer.from('{}'),
    'https://gateway.example',
  );

describe('a request as its connector meant it', () => {
  it('has every repetition of a header apart, so that a connector sees that there are two', () => {
    const rawHeaders = ['Stripe-Signature', 't=1', 'Host', 'evil.example', 'stripe-signature', 't=2'];
    const { headers, url } = rawOf({ rawHeaders });
    expect({ ...headers }).toEqual({ 'stripe-signature': ['t=1', 't=2'], host: ['evil.example'] });
    expect(url).toBe('https://gateway.example/webhooks/m_1/stripe');
  });

  it('has only headers that were sent, whatever they are called', () => {
    const { headers } = rawOf({ rawHeaders: ['__proto__', 'a', '__PROTO__', 'b'] });
    expect(Object.entries(headers)).toEqual([['__proto__', ['a', 'b']]]);
    expect(headers.constructor).toBeUndefined();
  });

  it.each([
    ['/webhooks/m_1/stripe', ''],
    ['/webhooks/m_1/stripe?', ''],
    ['/webhooks/m_1/stripe?data.id=1&x=%3F?y', 'data.id=1&x=%3F?y'],
  ])('has the query of %s as it was sent', (originalUrl, query) => {
    expect(rawOf({ originalUrl }).query).toBe(query);
  });
});
