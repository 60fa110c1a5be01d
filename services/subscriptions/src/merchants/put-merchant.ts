import type { MerchantRecord, MerchantRepository } from '@owngateway/store';
import type { Caller } from '../access/caller.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';

export interface MerchantInput {
  name: string;
  portfolio_id?: string | null | undefined;
  reseller_id?: string | null | undefined;
}

export type PutMerchantOutcome =
  | { kind: 'saved'; merchant: MerchantRecord; created: boolean }
  | { kind: 'not_found' }
  /** Only operators put merchants under portfolios and resellers (rule 12). */
  | { kind: 'hierarchy_forbidden' };

/** Creates or replaces a merchant. Others than operators may only rename those that they reach. */
export function putMerchant(sources: { merchants: MerchantRepository; trail: AuditTrail }) {
  const { merchants, trail } = sources;

  async function save(caller: Caller, merchant: Parameters<MerchantRepository['put']>[0]): Promise<PutMerchantOutcome> {
    const saved = await merchants.put(merchant);
    await trail.record(caller, {
      action: saved.created ? 'merchant.create' : 'merchant.update',
      ownerKey: `merchant:${merchant._id}`,
      resourceId: merchant._id,
      fields: ['name', 'portfolio_id', 'reseller_id'],
    });
    return { kind: 'saved', ...saved };
  }

  return async (caller: Caller, id: string, input: MerchantInput): Promise<PutMerchantOutcome> => {
    const { name } = input;
    if (caller.scope.level === 'operator') {
      const { portfolio_id = null, reseller_id = null } = input;
      return save(caller, { _id: id, name, portfolio_id, reseller_id });
    }
    const existing = await merchants.get(caller.scope, id);
    if (existing === null) return { kind: 'not_found' };
    const { portfolio_id, reseller_id } = existing;
    const moves =
      (input.portfolio_id !== undefined && input.portfolio_id !== portfolio_id) ||
      (input.reseller_id !== undefined && input.reseller_id !== reseller_id);
    return moves ? { kind: 'hierarchy_forbidden' } : save(caller, { _id: id, name, portfolio_id, reseller_id });
  };
}
