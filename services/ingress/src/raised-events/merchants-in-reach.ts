import type { Actor } from '@owngateway/service-kit';
import { type MerchantRepository, tenantScopeOf } from '@owngateway/store';

type Merchants = Pick<MerchantRepository, 'get' | 'idsBelow'>;

/** Those of these merchants that exist and that the caller may act for; which of the two it was is not told. */
export async function merchantsInReach(
  merchants: Merchants,
  actor: Actor,
  merchantIds: readonly string[],
): Promise<Set<string>> {
  const scope = await tenantScopeOf(actor.owner, merchants);
  const found = await Promise.all([...new Set(merchantIds)].map((id) => merchants.get(scope, id)));
  return new Set(found.filter((merchant) => merchant !== null).map((merchant) => merchant._id));
}
