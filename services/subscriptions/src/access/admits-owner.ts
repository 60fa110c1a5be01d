import type { Owner } from '@owngateway/domain';
import type { TenantScope } from '@owngateway/store';

/** True when the caller may act for this owner: itself, a merchant below it, or anyone for an operator (rule 12). */
export function admitsOwner(scope: TenantScope, owner: Owner): boolean {
  if (scope.level === 'operator') return true;
  if (scope.level === owner.level && scope.id === owner.id) return true;
  return scope.level !== 'merchant' && owner.level === 'merchant' && scope.merchantIds.includes(owner.id);
}
