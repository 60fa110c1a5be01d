import type { AuditRecord, AuditRepository, RevokedTokenRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import { tokenOwnerKey } from '../access/token-owner-key.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { MAX_TOKEN_LIFE_S } from './mint-for-owner.ts';

/** Tokens of an identity provider may live longer than ours; nobody told us how long, so they stay revoked for good. */
const FOR_GOOD_S = 10 * 365 * 86_400;

/**
 * Revokes a token that was minted for an owner which the caller reaches, the caller's own, or any for an operator. The
 * audit trail is what knows who a token was minted for.
 */
export function revokeToken(sources: {
  revokedTokens: RevokedTokenRepository;
  audit: Pick<AuditRepository, 'list'>;
  trail: AuditTrail;
  now: () => Date;
}) {
  const { revokedTokens, audit, trail, now } = sources;

  async function findMinting(caller: Caller, jti: string): Promise<AuditRecord | undefined> {
    const { items } = await audit.list(caller.scope, { resourceId: jti }, { limit: 100, after: null });
    return items.find((record) => record.action === 'token.create');
  }

  return async (caller: Caller, jti: string): Promise<'revoked' | 'not_found'> => {
    const minting = await findMinting(caller, jti);
    const own = caller.actor.jti === jti;
    if (minting === undefined && !own && caller.scope.level !== 'operator') return 'not_found';

    const revokedAt = now();
    const lifeS = minting === undefined ? FOR_GOOD_S : MAX_TOKEN_LIFE_S;
    await revokedTokens.revoke({ jti, revokedAt, expiresAt: new Date(revokedAt.getTime() + lifeS * 1000) });
    await trail.record(caller, {
      action: 'token.revoke',
      ownerKey: minting?.owner_key ?? tokenOwnerKey(caller.actor.owner),
      resourceId: jti,
    });
    return 'revoked';
  };
}
