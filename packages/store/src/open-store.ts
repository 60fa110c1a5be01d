import type { Connection } from 'mongoose';
import type { AuditRecord, AuditRepository } from './audit/audit-repository.ts';
import { auditSchema, MongoAuditRepository } from './audit/mongo-audit-repository.ts';
import { connect } from './connection/connect.ts';
import { askDatabaseTime, type DatabaseClock, startDatabaseClock } from './connection/database-clock.ts';
import { driverCollection } from './connection/driver-collection.ts';
import { ensureIndexes } from './connection/ensure-indexes.ts';
import type { ConnectorAccountRepository } from './connector-accounts/connector-account-repository.ts';
import { connectorAccountSchema, type StoredConnectorAccount } from './connector-accounts/connector-account-schema.ts';
import { MongoConnectorAccountRepository } from './connector-accounts/mongo-connector-account-repository.ts';
import type { DeliveryRecord } from './deliveries/delivery-record.ts';
import type { DeliveryRepository } from './deliveries/delivery-repository.ts';
import { deliverySchema } from './deliveries/delivery-schema.ts';
import { MongoDeliveryRepository } from './deliveries/mongo-delivery-repository.ts';
import type { EventRecord, EventRepository } from './events/event-repository.ts';
import { EventRetention, type RetentionProgress } from './events/event-retention.ts';
import { eventSchema } from './events/event-schema.ts';
import { MongoEventRepository } from './events/mongo-event-repository.ts';
import type { IdempotencyRepository } from './idempotency/idempotency-repository.ts';
import {
  type IdempotencyDocument,
  idempotencySchema,
  MongoIdempotencyRepository,
} from './idempotency/mongo-idempotency-repository.ts';
import type { LeaseRepository } from './leases/lease-repository.ts';
import { type LeaseDocument, leaseSchema, MongoLeaseRepository } from './leases/mongo-lease-repository.ts';
import type { MerchantRecord, MerchantRepository } from './merchants/merchant-repository.ts';
import { merchantSchema } from './merchants/merchant-schema.ts';
import { MongoMerchantRepository } from './merchants/mongo-merchant-repository.ts';
import { MongoNotificationRepository } from './notifications/mongo-notification-repository.ts';
import type { NotificationRecord, NotificationRepository } from './notifications/notification-repository.ts';
import { notificationSchema } from './notifications/notification-schema.ts';
import { MongoReplayRepository } from './replays/mongo-replay-repository.ts';
import type { ReplayRecord, ReplayRepository } from './replays/replay-repository.ts';
import { replaySchema } from './replays/replay-schema.ts';
import { createSealKeeper, type SealKeeper } from './secrets/seal-keeper.ts';
import type { RawDocument } from './secrets/sealed-places.ts';
import { type EncryptionKey, SecretBox } from './secrets/secret-box.ts';
import { MongoSubscriptionRepository } from './subscriptions/mongo-subscription-repository.ts';
import type { SubscriptionRepository } from './subscriptions/subscription-repository.ts';
import { type StoredSubscription, subscriptionSchema } from './subscriptions/subscription-schema.ts';
import {
  MongoRevokedTokenRepository,
  type RevokedTokenDocument,
  revokedTokenSchema,
} from './tokens/mongo-revoked-token-repository.ts';
import type { RevokedTokenRepository } from './tokens/revoked-token-repository.ts';

export interface StoreOptions {
  /** With the database's name; an embedded one-node server wants `directConnection=true`. */
  mongoUrl: string;
  /** 32 bytes each; the last one seals, all open (`ENCRYPTION_KEYS`). */
  encryptionKeys: readonly EncryptionKey[];
  /** Shown in the server's log. */
  appName: string;
  retention?: {
    /** Days that raw notifications are kept; 30 by default. */
    notificationDays?: number;
  };
}

/** Everything that is stored in MongoDB, by repository. */
export interface Store {
  readonly events: EventRepository;
  readonly deliveries: DeliveryRepository;
  readonly notifications: NotificationRepository;
  readonly replays: ReplayRepository;
  readonly subscriptions: SubscriptionRepository;
  readonly merchants: MerchantRepository;
  readonly connectorAccounts: ConnectorAccountRepository;
  readonly revokedTokens: RevokedTokenRepository;
  readonly idempotency: IdempotencyRepository;
  readonly audit: AuditRepository;
  readonly leases: LeaseRepository;
  /** For the rotation of the encryption keys. */
  readonly seals: SealKeeper;
  readonly clock: DatabaseClock;
  /** Throws when MongoDB does not answer. */
  ping(): Promise<void>;
  /** To be called once at start. Safe in several processes at once. */
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects to MongoDB. Throws when it is not there (`isStoreUnavailable`). Later losses are survived: calls throw while the
 * server is away and work again once it is back.
 */
export async function openStore({ mongoUrl, appName, ...rest }: StoreOptions): Promise<Store> {
  return storeOn(await connect({ mongoUrl, appName }), rest);
}

/** A store on a connection that is open; closing the store closes it. */
export async function storeOn(
  connection: Connection,
  { encryptionKeys, retention }: Pick<StoreOptions, 'encryptionKeys' | 'retention'>,
): Promise<Store> {
  const box = new SecretBox(encryptionKeys);
  const clock = await startDatabaseClock(() => askDatabaseTime(connection));
  const events = connection.model<EventRecord>('Event', eventSchema);
  const deliveries = connection.model<DeliveryRecord>('Delivery', deliverySchema);
  const database = connection.getClient().db(connection.name);
  const progress = database.collection<RetentionProgress>('retention_progress');
  const eventRetention = new EventRetention(driverCollection(events), driverCollection(deliveries), progress);
  return {
    events: new MongoEventRepository(events, eventRetention),
    deliveries: new MongoDeliveryRepository(deliveries),
    notifications: new MongoNotificationRepository(
      connection.model<NotificationRecord>('Notification', notificationSchema(retention?.notificationDays ?? 30)),
    ),
    replays: new MongoReplayRepository(connection.model<ReplayRecord>('Replay', replaySchema)),
    subscriptions: new MongoSubscriptionRepository(
      connection.model<StoredSubscription>('Subscription', subscriptionSchema),
      box,
      clock,
    ),
    merchants: new MongoMerchantRepository(connection.model<MerchantRecord>('Merchant', merchantSchema), clock),
    connectorAccounts: new MongoConnectorAccountRepository(
      connection.model<StoredConnectorAccount>('ConnectorAccount', connectorAccountSchema),
      box,
      clock,
    ),
    revokedTokens: new MongoRevokedTokenRepository(
      connection.model<RevokedTokenDocument>('RevokedToken', revokedTokenSchema),
    ),
    idempotency: new MongoIdempotencyRepository(
      connection.model<IdempotencyDocument>('Idempotency', idempotencySchema),
      box,
    ),
    audit: new MongoAuditRepository(connection.model<AuditRecord>('Audit', auditSchema)),
    leases: new MongoLeaseRepository(connection.model<LeaseDocument>('Lease', leaseSchema), clock),
    seals: createSealKeeper((name) => database.collection<RawDocument>(name), box),
    clock,
    async ping() {
      await database.command({ ping: 1 });
    },
    ensureIndexes: () => ensureIndexes(connection),
    async close() {
      clock.stop();
      await connection.close();
    },
  };
}
