import type { IdSource } from '@owngateway/domain';
import type { FieldFault } from '@owngateway/service-kit';
import { mintToken, type Scope, type TokenOwner, type TokenSettings } from '@owngateway/service-kit';
import type { MerchantRepository } from '@owngateway/store';
import { admitsOwner } from '../access/admits-owner.ts';
import type { Caller } from '../access/caller.ts';
import { tokenOwnerKey } from '../access/token-owner-key.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

/** The longest life of a token that is minted here. */
export const MAX_TOKEN_LIFE_S = 30 * 86_400;
const DEFAULT_TOKEN_LIFE_S = 3_600;

export interface MintRequest {
  owner: TokenOwner;
  scopes: readonly Scope[];
  /** One hour, or what is left of the minter's own life, when left out. */
  expiresInS: number | undefined;
}

interface MintedToken {
  token: string;
  jti: string;
  expiresAt: Date;
}

export type MintOutcome =
  | { kind: 'minted'; minted: MintedToken }
  | { kind: 'invalid'; faults: FieldFault[] }
  /** This installation has public keys only. */
  | { kind: 'minted_elsewhere' };

/** Mints a token that never exceeds its minter: not in reach, not in permissions, not in life. */
export function mintForOwner(sources: {
  tokens: TokenSettings;
  merchants: Pick<MerchantRepository, 'get'>;
  trail: AuditTrail;
  newId: IdSource;
  now: () => Date;
}) {
  const { tokens, merchants, trail, newId, now } = sources;

  async function ownerFault(caller: Caller, owner: TokenOwner): Promise<FieldFault[]> {
    const unknown = [{ field: 'owner', code: 'unknown_owner', message: 'names nobody that you may act for' }];
    if (owner.level === 'operator') return caller.scope.level === 'operator' ? [] : unknown;
    if (!admitsOwner(caller.scope, owner)) return unknown;
    if (owner.level !== 'merchant') return [];
    return (await merchants.get(caller.scope, owner.id)) === null ? unknown : [];
  }

  return async (caller: Caller, request: MintRequest): Promise<MintOutcome> => {
    if (tokens.keys.kind !== 'secret') return { kind: 'minted_elsewhere' };
    const moment = now();
    const leftS = Math.floor((caller.actor.expiresAt.getTime() - moment.getTime()) / 1000);
    const expiresInS = request.expiresInS ?? Math.min(DEFAULT_TOKEN_LIFE_S, leftS);
    const faults = [
      ...(await ownerFault(caller, request.owner)),
      ...scopeFaults(caller, request.scopes),
      ...lifeFaults(expiresInS, leftS),
    ];
    if (faults.length > 0) return { kind: 'invalid', faults };

    const jti = newId('tok');
    const { token, expiresAt } = mintToken(tokens, {
      subject: subjectOf(caller, request.owner),
      owner: request.owner,
      scopes: request.scopes,
      jti,
      expiresInS,
      now: moment,
    });
    await trail.record(caller, {
      action: 'token.create',
      ownerKey: tokenOwnerKey(request.owner),
      resourceId: jti,
      fields: ['scope', 'expires_in_s'],
    });
    return { kind: 'minted', minted: { token, jti, expiresAt } };
  };
}

function scopeFaults({ actor }: Caller, scopes: readonly Scope[]): FieldFault[] {
  const missing = scopes.filter((scope) => !actor.scopes.has(scope));
  if (missing.length === 0) return [];
  const message = `your own token lacks ${missing.join(', ')}`;
  return [{ field: 'scope', code: 'exceeds_minter', message }];
}

function lifeFaults(expiresInS: number, leftS: number): FieldFault[] {
  if (expiresInS <= leftS) return [];
  return [{ field: 'expires_in_s', code: 'exceeds_minter', message: 'must not outlive your own token' }];
}

/** A person keeps its name in the audit trail when it makes a token for itself; others are named by their owner. */
function subjectOf({ actor }: Caller, owner: TokenOwner): string {
  const same = actor.owner.level === owner.level && actor.owner.id === owner.id;
  return same ? actor.subject : tokenOwnerKey(owner);
}
