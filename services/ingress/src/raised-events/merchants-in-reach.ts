import type { Actor } from '@owngateway/service-kit';
import type { MerchantRepository, TenantScope } from '@owngateway/store';

type Merchants = Pick<MerchantRepository, 'get' | 'idsBelow'>;

/** Those of these merchants that exist and that the caller may act for; which of the two it was is not told. */
export async function merchantsInReach(
  merchants: Merchants,
  actor: Actor,
  merchantIds: readonly string[],
): Promise<Set<string>> {
  const scope = await scopeOf(merchants, actor);
  const found = await Promise.all([...new Set(merchantIds)].map((id) => merchants.get(scope, id)));
  return new Set(found.filter((merchant) => merchant !== null).map((merchant) => merchant._id));
}

async function scopeOf(merchants: Merchants, { owner }: Actor): Promise<TenantScope> {
  switch (owner.level) {
    case 'operator':
      return { level: 'operator' };
    case 'merchant':
      return { level: 'merchant', id: owner.id };
    case 'portfolio':
    case 'reseller':
      return {
        level: owner.level,
        id: owner.id,
        merchantIds: await merchants.idsBelow({ level: owner.level, id: owner.id }),
      };
  }
}
