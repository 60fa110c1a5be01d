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
  | { kind: 'hierarchy_forbidden' }
  /** An operator moved it in between. */
  | { kind: 'conflict' };

/** Creates or replaces a merchant. Others than operators may only rename those that they reach. */
export function putMerchant(sources: { merchants: MerchantRepository; trail: AuditTrail }) {
  const { merchants, trail } = sources;

  async function recordSaved(
    caller: Caller,
    saved: { merchant: MerchantRecord; created: boolean },
    fields: string[],
  ): Promise<PutMerchantOutcome> {
    await trail.record(caller, {
      action: saved.created ? 'merchant.create' : 'merchant.update',
      ownerKey: `merchant:${saved.merchant._id}`,
      resourceId: saved.merchant._id,
      fields,
    });
    return { kind: 'saved', ...saved };
  }

  return async (caller: Caller, id: string, input: MerchantInput): Promise<PutMerchantOutcome> => {
    const { name } = input;
    if (caller.scope.level === 'operator') {
      const { portfolio_id = null, reseller_id = null } = input;
      const saved = await merchants.put({ _id: id, name, portfolio_id, reseller_id });
      return recordSaved(caller, saved, ['name', 'portfolio_id', 'reseller_id']);
    }
    const existing = await merchants.get(caller.scope, id);
    if (existing === null) return { kind: 'not_found' };
    const { portfolio_id, reseller_id } = existing;
    const moves =
      (input.portfolio_id !== undefined && input.portfolio_id !== portfolio_id) ||
      (input.reseller_id !== undefined && input.reseller_id !== reseller_id);
    if (moves) return { kind: 'hierarchy_forbidden' };
    // Only the name is written: an operator's move in between must not be undone by who has lost the merchant by it.
    const merchant = await merchants.rename({ _id: id, name, portfolio_id, reseller_id });
    return merchant === null ? { kind: 'conflict' } : recordSaved(caller, { merchant, created: false }, ['name']);
  };
}
