import mongoose, { type Model } from 'mongoose';
import { LIST_MAX_TIME_MS } from '../connection/connect.ts';
import type { DatabaseClock } from '../connection/database-clock.ts';
import { isDuplicateKey } from '../connection/duplicate-key.ts';
import type { Page, PageRequest } from '../page.ts';
import { EMPTY_PAGE, readPage } from '../paging/read-page.ts';
import { SealBrokenError, type SealContext, type SecretBox } from '../secrets/secret-box.ts';
import { merchantScopeFilter, reachesMerchant } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type {
  ConnectorAccountPatch,
  ConnectorAccountRecord,
  ConnectorAccountRepository,
} from './connector-account-repository.ts';
import type { StoredConnectorAccount } from './connector-account-schema.ts';

const { trusted } = mongoose;

/** Connector accounts in MongoDB, their credentials sealed (decision 10). */
export class MongoConnectorAccountRepository implements ConnectorAccountRepository {
  readonly #model: Model<StoredConnectorAccount>;
  readonly #box: SecretBox;
  readonly #clock: DatabaseClock;

  constructor(model: Model<StoredConnectorAccount>, box: SecretBox, clock: DatabaseClock) {
    this.#model = model;
    this.#box = box;
    this.#clock = clock;
  }

  async create(
    record: Omit<ConnectorAccountRecord, 'version' | 'unreadable'>,
  ): Promise<ConnectorAccountRecord | 'conflict'> {
    const created = { ...record, version: 1 };
    try {
      await this.#model.insertOne({ ...created, credentials: this.#seal(record) });
    } catch (error) {
      if (isDuplicateKey(error)) return 'conflict';
      throw error;
    }
    return created;
  }

  async findByPath(merchantId: string, name: string): Promise<ConnectorAccountRecord | null> {
    return this.#opened(await this.#model.findOne({ merchant_id: merchantId, name }).lean<StoredConnectorAccount>());
  }

  async get(scope: TenantScope, id: string): Promise<ConnectorAccountRecord | null> {
    return this.#opened(await this.#find(scope, id));
  }

  async list(
    scope: TenantScope,
    { merchantId, connector }: { merchantId?: string; connector?: string },
    page: PageRequest,
  ): Promise<Page<ConnectorAccountRecord>> {
    if (merchantId !== undefined && !reachesMerchant(scope, merchantId)) return { ...EMPTY_PAGE, items: [] };
    const { items, next } = await readPage(page, (count) =>
      this.#model
        .find({
          ...(merchantId === undefined ? merchantScopeFilter(scope) : { merchant_id: merchantId }),
          ...(connector === undefined ? {} : { connector }),
          ...(page.after === null ? {} : { _id: trusted({ $lt: page.after }) }),
        })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<StoredConnectorAccount[]>(),
    );
    return { items: items.map((stored) => this.#open(stored)), next };
  }

  async update(
    scope: TenantScope,
    id: string,
    version: number,
    { credentials, settings, include_source, status }: ConnectorAccountPatch,
  ): Promise<ConnectorAccountRecord | 'not_found' | 'conflict'> {
    const stored = await this.#find(scope, id);
    if (stored === null) return 'not_found';
    const changes = {
      ...(credentials && { credentials: this.#seal({ ...stored, credentials }) }),
      ...(settings && { settings }),
      ...(include_source !== undefined && { include_source }),
      ...(status && { status }),
      updated_at: this.#clock.now(),
    };
    const updated = await this.#model
      .findOneAndUpdate(
        { ...merchantScopeFilter(scope), _id: id, version },
        { $set: changes, $inc: { version: 1 } },
        { returnDocument: 'after' },
      )
      .lean<StoredConnectorAccount>();
    return this.#opened(updated) ?? 'conflict';
  }

  async delete(scope: TenantScope, id: string): Promise<boolean> {
    const { deletedCount } = await this.#model.deleteOne({ ...merchantScopeFilter(scope), _id: id });
    return deletedCount === 1;
  }

  #find(scope: TenantScope, id: string): Promise<StoredConnectorAccount | null> {
    return this.#model
      .findOne({ ...merchantScopeFilter(scope), _id: id })
      .lean<StoredConnectorAccount>()
      .exec();
  }

  #seal({ credentials, ...place }: Pick<ConnectorAccountRecord, '_id' | 'merchant_id' | 'credentials'>): string {
    return this.#box.sealJson(credentials, contextOf(place));
  }

  #open(stored: StoredConnectorAccount): ConnectorAccountRecord {
    try {
      return { ...stored, credentials: this.#box.openJson(stored.credentials, contextOf(stored)) };
    } catch (error) {
      // One that no key opens neither hides the others nor itself.
      if (!(error instanceof SealBrokenError)) throw error;
      return { ...stored, credentials: [], unreadable: ['credentials'] };
    }
  }

  #opened(stored: StoredConnectorAccount | null): ConnectorAccountRecord | null {
    return stored === null ? null : this.#open(stored);
  }
}

function contextOf({ _id, merchant_id }: Pick<ConnectorAccountRecord, '_id' | 'merchant_id'>): SealContext {
  return { tenant: merchant_id, recordId: _id, field: 'credentials' };
}
