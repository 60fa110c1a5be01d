import { randomBytes } from 'node:crypto';
import type { SigningSecret } from '@owngateway/store';

/** Every live secret signs every request; more of them would make the signature headers long. */
export const MAX_LIVE_SECRETS = 5;

/** 256 bits, in the form of Standard Webhooks: `whsec_` and base64. */
export type SecretSource = () => string;

export const newSigningSecret: SecretSource = () => `whsec_${randomBytes(32).toString('base64')}`;

/** The secret that new requests are known by: the newest that does not expire. */
export function currentSecret(secrets: readonly SigningSecret[]): SigningSecret | undefined {
  return secrets.find((secret) => secret.expires_at === null);
}

/** When the last of the previous secrets stops signing; null when none signs any more. */
export function previousExpiry(secrets: readonly SigningSecret[], now: Date): Date | null {
  const times = live(secrets, now).flatMap((secret) =>
    secret.expires_at === null ? [] : [secret.expires_at.getTime()],
  );
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/**
 * Puts a new secret first; those that sign now expire at `previousExpiresAt`, or earlier if that was so before. Expired
 * ones are forgotten. `too_many` when more than five would sign at once.
 */
export function rotated(
  secrets: readonly SigningSecret[],
  rotation: { value: string; now: Date; previousExpiresAt: Date },
): SigningSecret[] | 'too_many' {
  const { value, now, previousExpiresAt } = rotation;
  const previous = live(secrets, now)
    .map((secret) => ({ ...secret, expires_at: earlier(secret.expires_at, previousExpiresAt) }))
    .filter((secret) => secret.expires_at.getTime() > now.getTime());
  if (previous.length >= MAX_LIVE_SECRETS) return 'too_many';
  return [{ value, created_at: now, expires_at: null }, ...previous];
}

function live(secrets: readonly SigningSecret[], now: Date): SigningSecret[] {
  return secrets.filter(({ expires_at }) => expires_at === null || expires_at.getTime() > now.getTime());
}

function earlier(one: Date | null, other: Date): Date {
  return one !== null && one.getTime() < other.getTime() ? one : other;
}
