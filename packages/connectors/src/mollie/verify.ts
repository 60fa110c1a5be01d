import type { RawNotification, Verification } from '../connector.ts';
import { anySame, hmacSha256 } from '../signature/hmac.ts';
import { type MollieCredential, signingSecretsOf } from './credentials.ts';
import { readClassicId } from './notification.ts';

/** Lower case, as Mollie's own library demands; it takes signatures without their prefix too. */
const SIGNATURE = /^(?:sha256=)?([0-9a-f]{64})$/;
/** Two secrets make two while they rotate; nobody needs to compare hundreds. */
const MAX_SIGNATURES = 16;

/**
 * Next-generation webhooks: HMAC-SHA256 of the raw body in `X-Mollie-Signature`, which comes twice for a day after the secret
 * was changed (docs.mollie.com/reference/webhooks-new). Classic ones prove nothing: any form with an id is taken, but only by
 * an account that has no signing secret, so that nobody gets round the signature by leaving it out.
 */
export function verifyMollie(notification: RawNotification, credentials: readonly MollieCredential[]): Verification {
  const values = (notification.headers['x-mollie-signature'] ?? []).filter((value) => value !== '');
  const secrets = signingSecretsOf(credentials);
  if (values.length === 0 && secrets.length === 0) {
    return verifyClassic(notification.body, credentials);
  }
  if (values.length === 0) {
    return { ok: false, reason: 'signature_missing' };
  }
  const received = readSignatures(values);
  if (received === null) {
    return { ok: false, reason: 'signature_malformed' };
  }
  const genuine = secrets.some((secret) => anySame(hmacSha256(secret, notification.body), received));
  return genuine ? { ok: true, signedAt: null } : { ok: false, reason: 'signature_mismatch' };
}

function verifyClassic(body: Buffer, credentials: readonly MollieCredential[]): Verification {
  if (credentials.length === 0) {
    return { ok: false, reason: 'credentials_mismatch' };
  }
  return readClassicId(body) === null
    ? { ok: false, reason: 'body_unreadable' }
    : { ok: true, signedAt: null, unproven: true };
}

/** Null when there is no well-formed one, or far too many; malformed ones beside it are passed over, as the library does. */
function readSignatures(values: readonly string[]): Buffer[] | null {
  const texts = values.flatMap((value) => value.split(',', MAX_SIGNATURES + 1));
  const signatures = texts
    .map((text) => SIGNATURE.exec(text.trim())?.[1])
    .flatMap((hex) => (hex === undefined ? [] : [Buffer.from(hex, 'hex')]));
  return signatures.length === 0 || texts.length > MAX_SIGNATURES ? null : signatures;
}
