import type { RawNotification, Verification } from '../connector.ts';
import { signatureHeader } from '../signature/header.ts';
import { anySame, hmacSha256 } from '../signature/hmac.ts';
import type { StripeCredential, StripeSettings } from './credentials.ts';
import { readStripeSignature } from './signature-header.ts';

/**
 * HMAC-SHA256 over `<t>.<raw body>`, keyed with the secret as text (docs.stripe.com/webhooks/signature). The time must
 * lie within the tolerance on both sides, its edges included: Stripe's library lets a time in the future pass, and a
 * capture that was signed with a wrong clock would stay replayable until then.
 */
export function verifyStripe(
  notification: RawNotification,
  credentials: readonly StripeCredential[],
  settings: StripeSettings,
  now: Date,
): Verification {
  const header = signatureHeader(notification, 'stripe-signature');
  if (!header.ok) {
    return header;
  }
  const signature = readStripeSignature(header.value);
  if (signature === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = credentials.some((credential) =>
    anySame(hmacSha256(credential.signing_secret, `${signature.t}.`, notification.body), signature.v1),
  );
  if (!genuine) {
    return { ok: false, reason: 'signature_mismatch' };
  }
  const ageS = Math.floor(now.getTime() / 1000) - Number(signature.t);
  return Math.abs(ageS) <= settings.tolerance_s
    ? { ok: true, signedAt: signature.signedAt }
    : { ok: false, reason: 'timestamp_out_of_tolerance' };
}
