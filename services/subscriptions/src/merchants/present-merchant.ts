import type { MerchantRecord } from '@owngateway/store';
import { z } from 'zod';

/** A merchant as the API shows it. */
export const merchantBody = z.object({
  id: z.string(),
  name: z.string(),
  portfolio_id: z.string().nullable(),
  reseller_id: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function presentMerchant(merchant: MerchantRecord): z.output<typeof merchantBody> {
  return {
    id: merchant._id,
    name: merchant.name,
    portfolio_id: merchant.portfolio_id,
    reseller_id: merchant.reseller_id,
    created_at: merchant.created_at.toISOString(),
    updated_at: merchant.updated_at.toISOString(),
  };
}
