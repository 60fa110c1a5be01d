import type { TokenOwner } from '@owngateway/service-kit';

/** One text for the owner of a token, as the audit trail keeps it; operators are one and the same owner. */
export function tokenOwnerKey(owner: TokenOwner): string {
  return owner.level === 'operator' ? 'operator' : `${owner.level}:${owner.id}`;
}
