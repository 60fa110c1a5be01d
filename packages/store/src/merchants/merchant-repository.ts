import type { Owner } from '@owngateway/domain';
import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A merchant and what it belongs to (003.5). Its id is chosen by the platform: `[A-Za-z0-9_-]{1,64}`. */
export interface MerchantRecord {
  _id: string;
  name: string;
  portfolio_id: string | null;
  reseller_id: string | null;
  created_at: Date;
  updated_at: Date;
  /** Database time of the last change, for caches (rule 3). */
  changed_at: Date;
}

export interface MerchantRepository {
  /** Creates or replaces; tells which. */
  put(
    merchant: Pick<MerchantRecord, '_id' | 'name' | 'portfolio_id' | 'reseller_id'>,
  ): Promise<{ merchant: MerchantRecord; created: boolean }>;
  /** Changes the name of one that is still under this portfolio and reseller; null when it was moved, or is not there. */
  rename(
    merchant: Pick<MerchantRecord, '_id' | 'name' | 'portfolio_id' | 'reseller_id'>,
  ): Promise<MerchantRecord | null>;
  get(scope: TenantScope, id: string): Promise<MerchantRecord | null>;
  list(scope: TenantScope, page: PageRequest): Promise<Page<MerchantRecord>>;
  /** The merchants below a portfolio or reseller; for a merchant, itself. */
  idsBelow(owner: Owner): Promise<string[]>;
  changedSince(since: Date | null): Promise<MerchantRecord[]>;
}
