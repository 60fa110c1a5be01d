import { type EventType, type OwnerKey, ownerKeyOf } from '@owngateway/domain';
import type {
  DatabaseClock,
  MerchantRecord,
  MerchantRepository,
  SubscriptionRecord,
  SubscriptionRepository,
} from '@owngateway/store';
import { coalesce } from './coalesce.ts';
import { type Recipient, recipientOf } from './recipient.ts';

/**
 * How far before the last look the next one begins. A change carries the time at which it was asked for and is seen a
 * write later; no write may take this long (the store's own deadline is shorter).
 */
const OVERLAP_MS = 15_000;

/** Under load, looks begin this long after each other: two commands per look were half of all that a dispatcher sent. */
const SHARING_MS = 8;

/**
 * All subscriptions and who belongs to whom, in memory. Before matching, `refresh` reads what changed since the last
 * look, deletions included, so that the cache never hides a subscription (rule 3).
 */
export interface SubscriptionDirectory {
  /** Resolves when a look that began after this call has been taken in. Rejects when the store is away. */
  refresh(): Promise<void>;
  /** The subscriptions of the merchant and of everything above it (003.5) that want this type, disabled ones included. */
  matching(merchantId: string, type: EventType): Recipient[];
  /** The subscriptions of this owner alone that want this type, disabled ones included: for events that are no merchant's. */
  ownedBy(owner: OwnerKey, type: EventType): Recipient[];
  /** Undefined once it is deleted, and while it is unusable. */
  find(subscriptionId: string): Recipient | undefined;
  /** Stored, but in a way that cannot be delivered by: its deliveries wait until somebody has mended it. */
  isUnusable(subscriptionId: string): boolean;
}

export interface DirectorySources {
  subscriptions: Pick<SubscriptionRepository, 'changedSince'>;
  merchants: Pick<MerchantRepository, 'changedSince'>;
  clock: DatabaseClock;
  /** A stored subscription that cannot be used; it is left out, and everybody else's go on. */
  onUnusable: (subscriptionId: string, error: unknown) => void;
}

export function createSubscriptionDirectory(sources: DirectorySources): SubscriptionDirectory {
  const recipients = new Map<string, Recipient>();
  const byOwner = new Map<OwnerKey, Map<string, Recipient>>();
  const aboveMerchant = new Map<string, OwnerKey[]>();
  const unusable = new Set<string>();
  let lastLook: Date | null = null;

  function takeIn(record: SubscriptionRecord): void {
    const owned = byOwner.get(record.owner_key) ?? new Map<string, Recipient>();
    recipients.delete(record._id);
    owned.delete(record._id);
    unusable.delete(record._id);
    if (record.deleted_at !== null) return;
    try {
      const recipient = recipientOf(record);
      recipients.set(recipient.id, recipient);
      byOwner.set(record.owner_key, owned.set(recipient.id, recipient));
    } catch (error) {
      unusable.add(record._id);
      sources.onUnusable(record._id, error);
    }
  }

  /** What is known is neither unsealed nor prepared again. */
  const isKnown = (id: string, version: number) => recipients.get(id)?.version === version;

  async function look(): Promise<void> {
    const begun = sources.clock.now();
    const since = lastLook === null ? null : new Date(lastLook.getTime() - OVERLAP_MS);
    const [subscriptions, merchants] = await Promise.all([
      sources.subscriptions.changedSince(since, isKnown),
      sources.merchants.changedSince(since),
    ]);
    for (const record of subscriptions) takeIn(record);
    for (const merchant of merchants) aboveMerchant.set(merchant._id, ownersAbove(merchant));
    lastLook = begun;
  }

  const ownedBy = (owner: OwnerKey, type: EventType) =>
    [...(byOwner.get(owner)?.values() ?? [])].filter((one) => one.matches(type));

  return {
    refresh: coalesce(look, SHARING_MS),
    ownedBy,
    matching(merchantId, type) {
      const owners = [ownerKeyOf({ level: 'merchant', id: merchantId }), ...(aboveMerchant.get(merchantId) ?? [])];
      return owners.flatMap((owner) => ownedBy(owner, type));
    },
    find: (subscriptionId) => recipients.get(subscriptionId),
    isUnusable: (subscriptionId) => unusable.has(subscriptionId),
  };
}

function ownersAbove(merchant: MerchantRecord): OwnerKey[] {
  const owners: OwnerKey[] = [];
  if (merchant.portfolio_id !== null) owners.push(ownerKeyOf({ level: 'portfolio', id: merchant.portfolio_id }));
  if (merchant.reseller_id !== null) owners.push(ownerKeyOf({ level: 'reseller', id: merchant.reseller_id }));
  return owners;
}
