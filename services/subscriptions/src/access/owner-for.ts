import type { Owner } from '@owngateway/domain';
import type { MerchantRepository } from '@owngateway/store';
import { admitsOwner } from './admits-owner.ts';
import type { Caller } from './caller.ts';

export type OwnerChoice =
  | { kind: 'owner'; owner: Owner }
  /** An operator owns nothing itself and must say for whom it acts. */
  | { kind: 'required' }
  /** Not there or not the caller's: nobody learns which. */
  | { kind: 'unknown' };

/** The owner of something new: the caller's own unless it names another that it may act for (003.5, 003.8). */
export async function ownerFor(
  { actor, scope }: Caller,
  requested: Owner | undefined,
  merchants: Pick<MerchantRepository, 'get'>,
): Promise<OwnerChoice> {
  const owner = requested ?? ownOwner(actor.owner);
  if (owner === null) return { kind: 'required' };
  if (!admitsOwner(scope, owner)) return { kind: 'unknown' };
  if (owner.level !== 'merchant') return { kind: 'owner', owner };
  return (await merchants.get(scope, owner.id)) === null ? { kind: 'unknown' } : { kind: 'owner', owner };
}

function ownOwner({ level, id }: Caller['actor']['owner']): Owner | null {
  return level === 'operator' ? null : { level, id };
}
