import { type OwnerKey, ownerKeyOf } from '@owngateway/domain';
import mongoose from 'mongoose';
import type { TenantScope } from '../tenant-scope.ts';

const { trusted } = mongoose;

/** Part of a filter that narrows a query to a tenant's records; empty for operators, who see all. */
export type ScopeFilter<Field extends string, Value extends string = string> = {
  [Key in Field]?: Value | { $in: Value[] };
};

/** For collections whose records belong to a merchant. */
export function merchantScopeFilter<Field extends string = 'merchant_id'>(
  scope: TenantScope,
  field?: Field,
): ScopeFilter<Field> {
  const key = field ?? ('merchant_id' as Field);
  switch (scope.level) {
    case 'operator':
      return {};
    case 'merchant':
      return { [key]: scope.id } as ScopeFilter<Field>;
    case 'portfolio':
    case 'reseller':
      return { [key]: trusted({ $in: [...scope.merchantIds] }) } as ScopeFilter<Field>;
  }
}

/** For collections whose records belong to an owner of any level: its own, and those of the merchants below it (rule 12). */
export function ownerScopeFilter(scope: TenantScope): ScopeFilter<'owner_key', OwnerKey> {
  switch (scope.level) {
    case 'operator':
      return {};
    case 'merchant':
      return { owner_key: ownerKeyOf({ level: 'merchant', id: scope.id }) };
    case 'portfolio':
    case 'reseller':
      return { owner_key: trusted({ $in: ownerKeysOf(scope.level, scope.id, scope.merchantIds) }) };
  }
}

function ownerKeysOf(level: 'portfolio' | 'reseller', id: string, merchantIds: readonly string[]): OwnerKey[] {
  return [
    ownerKeyOf({ level, id }),
    ...merchantIds.map((merchantId) => ownerKeyOf({ level: 'merchant', id: merchantId })),
  ];
}

/** True when the scope reaches this merchant's records. */
export function reachesMerchant(scope: TenantScope, merchantId: string): boolean {
  switch (scope.level) {
    case 'operator':
      return true;
    case 'merchant':
      return scope.id === merchantId;
    case 'portfolio':
    case 'reseller':
      return scope.merchantIds.includes(merchantId);
  }
}

/** True when the scope reaches records of this owner. */
export function reachesOwner(scope: TenantScope, ownerKey: OwnerKey): boolean {
  const { owner_key: reached } = ownerScopeFilter(scope);
  if (reached === undefined) return true;
  return typeof reached === 'string' ? reached === ownerKey : reached.$in.includes(ownerKey);
}
