import { createAuthority } from '@owngateway/outbound/testing';
import type { SubscriptionRecord } from '@owngateway/store';
import { NOW, NOW_MS } from '../../tests/support/fakes.ts';
import { aSubscription, SECRET } from '../../tests/support/records.ts';
import { recipientOf } from './recipient.ts';

const NEW_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

function aRecord(fields: Partial<SubscriptionRecord> = {}): SubscriptionRecord {
  return {
    ...aSubscription({ url: 'https://shop.example/hooks' }),
    failing_since: null,
    enabled_at: null,
    changed_at: NOW,
    version: 3,
    deleted_at: null,
    ...fields,
  };
}

describe('a recipient', () => {
  it.each<[SubscriptionRecord['authentication'], object]>([
    [{ type: 'none' }, {}],
    [{ type: 'basic', username: 'shöp', password: 'p:w' }, { authorization: 'Basic c2jDtnA6cDp3' }],
    [{ type: 'bearer', token: 'abc' }, { authorization: 'Bearer abc' }],
    [{ type: 'header', name: 'X-Key', value: 'v' }, { 'x-key': 'v' }],
  ])('proves itself as %j asks', (authentication, headers) => {
    expect(recipientOf(aRecord({ authentication, headers: {} })).headers).toEqual(headers);
  });

  it('signs with both secrets while one rotates, and not with one that has run out', () => {
    const secrets = [
      { value: NEW_SECRET, created_at: NOW, expires_at: null },
      { value: SECRET, created_at: NOW, expires_at: new Date(NOW_MS + 1_000) },
    ];
    const recipient = recipientOf(aRecord({ signing: { scheme: 'hmac-sha256', secrets } }));
    expect(recipient.signingKeys(NOW_MS)).toHaveLength(2);
    expect(recipient.signingKeys(NOW_MS + 1_000)).toHaveLength(1);
  });

  it('cannot be made without a secret: nothing goes out unsigned', () => {
    expect(() => recipientOf(aRecord({ signing: { scheme: 'hmac-sha256', secrets: [] } }))).toThrow(TypeError);
  });

  it('cannot be made of secrets that no key opens: nothing goes out without what the merchant asked for', () => {
    expect(() => recipientOf(aRecord({ unreadable: ['authentication'] }))).toThrow('authentication');
  });

  it('wants the types it names', () => {
    const recipient = recipientOf(aRecord({ event_types: ['dispute_*', 'payment.completed'] }));
    expect(recipient.matches('dispute_won')).toBe(true);
    expect(recipient.matches('payment_succeeded')).toBe(true);
    expect(recipient.matches('payment_failed')).toBe(false);
  });

  it('has an identity of its own where it was given certificates, made once', () => {
    const { key, cert } = createAuthority('gateway.example');
    const tls = { ca: null, client_certificate: cert, client_key: key };
    const recipient = recipientOf(aRecord({ tls }));
    expect(recipient.tls()?.poolKey).toMatch(/^sub_/);
    expect(recipient.tls()).toBe(recipient.tls());
    expect(recipientOf(aRecord({ tls: null })).tls()).toBeNull();
  });

  it('is told whether it is enabled', () => {
    expect(recipientOf(aRecord()).enabled).toBe(true);
    expect(recipientOf(aRecord({ status: 'disabled' })).enabled).toBe(false);
  });
});
