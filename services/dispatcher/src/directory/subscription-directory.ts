import { type EventType, type OwnerKey, ownerKeyOf } from '@owngateway/domain';
import type {
  DatabaseClock,
  MerchantRecord,
  MerchantRepository,
  SubscriptionRecord,
  SubscriptionRepository,
} from '@owngateway/store';
import { coalesce } from './coalesce.ts';
import { heldRecipientOf, type Recipient, recipientOf } from './recipient.ts';

/**
 * How far before the last look the next one begins. A change carries the time at which it was asked for and is seen a
 * write later; no write may take this long (the store's own deadline is shorter).
 */
const OVERLAP_MS = 15_000;

/** An unusable subscription is read again this often: whoever mends it by hand may not leave the mark of a change. */
const UNUSABLE_EVERY_MS = 30_000;

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
  /** Undefined once it is deleted. */
  find(subscriptionId: string): Recipient | undefined;
  /** Stored, but in a way that cannot be delivered by: as if it were disabled until somebody has mended it. */
  isUnusable(subscriptionId: string): boolean;
  /** How many are unusable. */
  unusable(): number;
}

export interface DirectorySources {
  subscriptions: Pick<SubscriptionRepository, 'changedSince' | 'findByIds'>;
  merchants: Pick<MerchantRepository, 'changedSince'>;
  clock: DatabaseClock;
  /** A stored subscription cannot be used; everybody else's go on. Told once per version of it. */
  onUnusable: (subscriptionId: string, error: unknown) => void;
  /** One that could not be used is well again. */
  onMended: (subscriptionId: string) => void;
}

export function createSubscriptionDirectory(sources: DirectorySources): SubscriptionDirectory {
  const recipients = new Map<string, Recipient>();
  const byOwner = new Map<OwnerKey, Map<string, Recipient>>();
  const aboveMerchant = new Map<string, OwnerKey[]>();
  /** By id, the version that cannot be used. */
  const unusable = new Map<string, number>();
  let unusableReadAtMs = 0;
  let lastLook: Date | null = null;

  function takeIn(record: SubscriptionRecord): void {
    const owned = byOwner.get(record.owner_key) ?? new Map<string, Recipient>();
    recipients.delete(record._id);
    owned.delete(record._id);
    if (record.deleted_at !== null) {
      unusable.delete(record._id);
      return;
    }
    const recipient = usableOrHeld(record);
    recipients.set(recipient.id, recipient);
    byOwner.set(record.owner_key, owned.set(recipient.id, recipient));
  }

  function usableOrHeld(record: SubscriptionRecord): Recipient {
    try {
      const recipient = recipientOf(record);
      if (unusable.delete(record._id)) sources.onMended(record._id);
      return recipient;
    } catch (error) {
      const isNews = unusable.get(record._id) !== record.version;
      unusable.set(record._id, record.version);
      if (isNews) sources.onUnusable(record._id, error);
      return heldRecipientOf(record);
    }
  }

  async function readUnusableAgain(nowMs: number): Promise<void> {
    if (unusable.size === 0 || nowMs - unusableReadAtMs < UNUSABLE_EVERY_MS) return;
    unusableReadAtMs = nowMs;
    for (const record of await sources.subscriptions.findByIds([...unusable.keys()])) takeIn(record);
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
    await readUnusableAgain(begun.getTime());
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
    unusable: () => unusable.size,
  };
}

function ownersAbove(merchant: MerchantRecord): OwnerKey[] {
  const owners: OwnerKey[] = [];
  if (merchant.portfolio_id !== null) owners.push(ownerKeyOf({ level: 'portfolio', id: merchant.portfolio_id }));
  if (merchant.reseller_id !== null) owners.push(ownerKeyOf({ level: 'reseller', id: merchant.reseller_id }));
  return owners;
}
