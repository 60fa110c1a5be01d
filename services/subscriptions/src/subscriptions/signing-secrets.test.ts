import type { SigningSecret } from '@owngateway/store';
import { currentSecret, MAX_LIVE_SECRETS, newSigningSecret, previousExpiry, rotated } from './signing-secrets.ts';

const NOW = new Date('2026-11-21T10:00:00Z');
const inS = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const secret = (value: string, expires_at: Date | null): SigningSecret => ({
  value,
  created_at: inS(-100),
  expires_at,
});

test('a secret is whsec_ and 32 random bytes in base64, never the same', () => {
  const made = Array.from({ length: 20 }, newSigningSecret);
  expect(new Set(made).size).toBe(20);
  for (const value of made) expect(Buffer.from(value.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
});

describe('rotating', () => {
  test('puts the new one first and ends the previous one at the given time', () => {
    const secrets = rotated([secret('old', null)], { value: 'new', now: NOW, previousExpiresAt: inS(60) });
    expect(secrets).toEqual([{ value: 'new', created_at: NOW, expires_at: null }, { ...secret('old', inS(60)) }]);
  });

  test('never lets a previous one live longer than it would have', () => {
    const before = [secret('current', null), secret('ending', inS(10))];
    const secrets = rotated(before, { value: 'new', now: NOW, previousExpiresAt: inS(60) });
    expect(secrets).toMatchObject([{ value: 'new' }, { expires_at: inS(60) }, { expires_at: inS(10) }]);
  });

  test('forgets those that have expired, at this very moment included', () => {
    const before = [secret('current', null), secret('over', NOW), secret('long over', inS(-1))];
    expect(rotated(before, { value: 'new', now: NOW, previousExpiresAt: NOW })).toMatchObject([{ value: 'new' }]);
  });

  test('keeps at most five signing at once', () => {
    const before = [secret('current', null), ...[1, 2, 3, 4].map((seconds) => secret('previous', inS(seconds)))];
    expect(before).toHaveLength(MAX_LIVE_SECRETS);
    expect(rotated(before, { value: 'new', now: NOW, previousExpiresAt: inS(60) })).toBe('too_many');
    expect(rotated(before.slice(0, 4), { value: 'new', now: NOW, previousExpiresAt: inS(60) })).toHaveLength(5);
  });
});

test('the current secret is the one that does not expire; the last previous one tells until when others sign', () => {
  const secrets = [secret('current', null), secret('a', inS(10)), secret('b', inS(20)), secret('over', inS(-1))];
  expect(currentSecret(secrets)?.value).toBe('current');
  expect(previousExpiry(secrets, NOW)).toEqual(inS(20));
  expect(previousExpiry([secret('current', null), secret('over', inS(-1))], NOW)).toBeNull();
});
