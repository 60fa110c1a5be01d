import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { ownerClaim, type Scope, type TokenOwner } from './actor.ts';
import type { TokenSettings } from './token-settings.ts';

export interface TokenRequest {
  /** Who will use it, for the audit trail. */
  subject: string;
  owner: TokenOwner;
  scopes: Iterable<Scope>;
  jti: string;
  /** Seconds */
  expiresInS: number;
  now: Date;
}

/**
 * Mints an HS256 token. Throws when this installation has public keys only: then tokens come from the identity
 * provider (check `settings.keys.kind` first and answer 409).
 */
export function mintToken(settings: TokenSettings, request: TokenRequest): { token: string; expiresAt: Date } {
  if (settings.keys.kind !== 'secret') throw new Error('tokens are minted by the identity provider');
  const issuedAt = Math.floor(request.now.getTime() / 1000);
  const expiry = issuedAt + request.expiresInS;
  const claims = {
    iss: settings.issuer,
    aud: settings.audience,
    iat: issuedAt,
    exp: expiry,
    sub: request.subject,
    jti: request.jti,
    owner: ownerClaim.parse(request.owner),
    environment: settings.environment,
    scope: [...request.scopes].join(' '),
  };
  const key = createSecretKey(Buffer.from(settings.keys.secret));
  return { token: jwt.sign(claims, key, { algorithm: 'HS256' }), expiresAt: new Date(expiry * 1000) };
}
