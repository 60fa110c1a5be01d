import type { OwnerLevel } from '@owngateway/domain';
import type { MerchantRepository } from '../merchants/merchant-repository.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** Whose data somebody may see at this moment: a portfolio or reseller reaches the merchants below it too (rule 12). */
export async function tenantScopeOf(
  { level, id }: { level: 'operator' | OwnerLevel; id: string },
  merchants: Pick<MerchantRepository, 'idsBelow'>,
): Promise<TenantScope> {
  switch (level) {
    case 'operator':
      return { level };
    case 'merchant':
      return { level, id };
    case 'portfolio':
    case 'reseller':
      return { level, id, merchantIds: await merchants.idsBelow({ level, id }) };
  }
}
