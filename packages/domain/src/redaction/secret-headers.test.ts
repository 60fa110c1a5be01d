import { isSecretHeader } from './secret-headers.ts';

describe('isSecretHeader', () => {
  it.each([
    ...['Authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'Set-Cookie2', 'x-api-key', 'X-ApiKey'],
    ...['x-auth-token', 'x-amz-security-token', 'x-csrf-token', 'x-secret', 'x_session_id', 'x-webhook-password'],
  ])('%s is', (name) => {
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each([
    ...['content-type', 'stripe-signature', 'webhook-signature', 'hmacsignature', 'x-idempotency-key', 'x-request-id'],
    ...['www-authenticate', 'retry-after', 'x-square-hmacsha256-signature', 'etag', 'x-author'],
  ])('%s is not', (name) => {
    expect(isSecretHeader(name)).toBe(false);
  });
});
