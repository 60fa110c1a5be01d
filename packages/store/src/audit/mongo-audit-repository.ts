import mongoose, { type Model, Schema } from 'mongoose';
import { LIST_MAX_TIME_MS } from '../connection/connect.ts';
import { isDuplicateKey } from '../connection/duplicate-key.ts';
import type { Page, PageRequest } from '../page.ts';
import { readPage } from '../paging/read-page.ts';
import { ownerScopeFilter } from '../tenancy/scope-filter.ts';
import type { TenantScope } from '../tenant-scope.ts';
import type { AuditRecord, AuditRepository } from './audit-repository.ts';

const { trusted } = mongoose;

/** Shard key in mind: `{owner_key: 1, _id: 1}`. */
export const auditSchema = new Schema<AuditRecord>(
  {
    _id: String,
    at: Date,
    actor: {
      type: new Schema(
        { subject: String, level: String, id: String, jti: String },
        { _id: false, id: false, strict: 'throw' },
      ),
    },
    action: String,
    owner_key: String,
    resource_id: String,
    fields: [String],
    request_id: String,
    ip: String,
  },
  { collection: 'audit', versionKey: false, strict: 'throw', id: false },
);
// list of an owner, or merged over several.
auditSchema.index({ owner_key: 1, _id: 1 });
// list of what happened to one thing.
auditSchema.index({ resource_id: 1, _id: 1 });

/** The audit trail in MongoDB; insert-only (003.8). */
export class MongoAuditRepository implements AuditRepository {
  readonly #model: Model<AuditRecord>;

  constructor(model: Model<AuditRecord>) {
    this.#model = model;
  }

  async append(record: AuditRecord): Promise<void> {
    try {
      await this.#model.insertOne(record);
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  async list(
    scope: TenantScope,
    { resourceId }: { resourceId?: string },
    page: PageRequest,
  ): Promise<Page<AuditRecord>> {
    return readPage(page, (count) =>
      this.#model
        .find({
          ...ownerScopeFilter(scope),
          ...(resourceId === undefined ? {} : { resource_id: resourceId }),
          ...(page.after === null ? {} : { _id: trusted({ $lt: page.after }) }),
        })
        .sort({ _id: -1 })
        .limit(count)
        .maxTimeMS(LIST_MAX_TIME_MS)
        .lean<AuditRecord[]>(),
    );
  }
}
