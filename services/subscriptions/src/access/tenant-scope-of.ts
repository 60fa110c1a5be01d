import type { Actor } from '@owngateway/service-kit';
import type { MerchantRepository, TenantScope } from '@owngateway/store';

/** Whose data this caller may see: a portfolio or reseller reaches the merchants below it too (rule 12). */
export async function tenantScopeOf(
  actor: Actor,
  merchants: Pick<MerchantRepository, 'idsBelow'>,
): Promise<TenantScope> {
  const { level, id } = actor.owner;
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
