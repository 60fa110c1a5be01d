/** Tokens that were revoked before they expired; kept until they would have (TTL index). */
export interface RevokedTokenRepository {
  revoke(token: { jti: string; revokedAt: Date; expiresAt: Date }): Promise<void>;
  isRevoked(jti: string): Promise<boolean>;
}
