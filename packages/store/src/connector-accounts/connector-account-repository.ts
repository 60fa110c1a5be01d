import type { Page, PageRequest } from '../page.ts';
import type { TenantScope } from '../tenant-scope.ts';

/** A merchant's credentials at a connector. Clear text in memory, sealed in MongoDB (decision 10). */
export interface ConnectorAccountRecord {
  _id: string;
  merchant_id: string;
  /** Which connector: `stripe`, `adyen`, ... */
  connector: string;
  /** The last part of the webhook URL; unique per merchant; `stripe` by default, `stripe-eu` for a second account. */
  name: string;
  /** Several at once, so that rotation refuses nothing (000.23). */
  credentials: Record<string, unknown>[];
  settings: Record<string, unknown>;
  /** Whether events tell the vendor's own object too, under `data.source`; not when absent. */
  include_source?: boolean;
  status: 'enabled' | 'disabled';
  created_at: Date;
  updated_at: Date;
  version: number;
  /** Set when no key of the ring opens the credentials; they read as none then. Setting them anew mends it. */
  unreadable?: readonly ['credentials'];
}

export type ConnectorAccountPatch = Partial<
  Pick<ConnectorAccountRecord, 'credentials' | 'settings' | 'include_source' | 'status'>
>;

export interface ConnectorAccountRepository {
  /** `conflict` when the merchant has an account of this name. */
  create(record: Omit<ConnectorAccountRecord, 'version' | 'unreadable'>): Promise<ConnectorAccountRecord | 'conflict'>;
  /** For ingress: by the two parts of the webhook URL; null when there is none. Disabled ones are returned as such. */
  findByPath(merchantId: string, name: string): Promise<ConnectorAccountRecord | null>;
  get(scope: TenantScope, id: string): Promise<ConnectorAccountRecord | null>;
  list(
    scope: TenantScope,
    filter: { merchantId?: string; connector?: string },
    page: PageRequest,
  ): Promise<Page<ConnectorAccountRecord>>;
  update(
    scope: TenantScope,
    id: string,
    version: number,
    patch: ConnectorAccountPatch,
  ): Promise<ConnectorAccountRecord | 'not_found' | 'conflict'>;
  delete(scope: TenantScope, id: string): Promise<boolean>;
}
