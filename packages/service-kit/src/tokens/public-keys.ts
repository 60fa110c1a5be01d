import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A key with the one algorithm it may be used with: no token chooses its own. */
export interface VerificationKey {
  kid: string | undefined;
  algorithm: 'HS256' | 'RS256' | 'ES256';
  key: KeyObject;
}

/** A public key that cannot be used; the message is safe to print. */
export class PublicKeyError extends Error {
  readonly code = 'public_key_invalid';
}

const MIN_RSA_BITS = 2048;
const PEM = /-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g;

const jwkSet = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })),
});

/** Reads one or more PEM public keys, or a JWK set as JSON. Throws PublicKeyError. */
export function parsePublicKeys(text: string): VerificationKey[] {
  const trimmed = text.trim();
  const keys = trimmed.startsWith('{') ? parseJwkSet(parseJson(trimmed)) : parsePems(trimmed);
  if (keys.length === 0) throw new PublicKeyError('no usable public key');
  return keys;
}

/**
 * The usable keys of a JWK set (RFC 7517): RSA and P-256 for signatures. Others (another use, another curve) are passed
 * over, since identity providers publish them too. Throws PublicKeyError if it is no JWK set.
 */
export function parseJwkSet(json: unknown): VerificationKey[] {
  const parsed = jwkSet.safeParse(json);
  if (!parsed.success) throw new PublicKeyError('not a JWK set');
  return parsed.data.keys.flatMap((jwk) => {
    // `oct` would turn a published value into a shared secret.
    if ((jwk.use ?? 'sig') !== 'sig' || (jwk.kty !== 'RSA' && jwk.kty !== 'EC') || 'd' in jwk) return [];
    try {
      return [withAlgorithm(createPublicKey({ key: jwk, format: 'jwk' }), jwk.kid)];
    } catch {
      return [];
    }
  });
}

function parsePems(text: string): VerificationKey[] {
  const blocks = text.match(PEM) ?? [];
  return blocks.map((pem) => {
    if (pem.includes('PRIVATE')) throw new PublicKeyError('holds a private key');
    let key: KeyObject;
    try {
      key = createPublicKey(pem);
    } catch {
      throw new PublicKeyError('holds a PEM block that is no public key');
    }
    return withAlgorithm(key, undefined);
  });
}

function withAlgorithm(key: KeyObject, kid: string | undefined): VerificationKey {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= MIN_RSA_BITS) {
    return { kid, algorithm: 'RS256', key };
  }
  if (key.asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return { kid, algorithm: 'ES256', key };
  throw new PublicKeyError('neither RSA from 2048 bits nor P-256');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PublicKeyError('not JSON');
  }
}
