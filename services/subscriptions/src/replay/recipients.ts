import { compileEventTypes, type Owner } from '@owngateway/domain';
import type {
  EventRecord,
  MerchantRepository,
  SubscriptionRecord,
  SubscriptionRepository,
  TenantScope,
} from '@owngateway/store';
import { readAllPages } from './read-all-pages.ts';

interface Sources {
  merchants: Pick<MerchantRepository, 'get'>;
  subscriptions: Pick<SubscriptionRepository, 'list'>;
}

/**
 * The subscriptions that receive an event's kind now, of the merchant and of the portfolio and reseller above it (003.5).
 * The scope leaves those out that the caller does not reach (rule 12); disabled ones are left out too.
 */
export async function recipientsOf(
  event: EventRecord,
  scope: TenantScope,
  sources: Sources,
): Promise<SubscriptionRecord[]> {
  const owners = await ownersAbove(event, sources.merchants);
  const lists = await Promise.all(
    owners.map((owner) =>
      readAllPages((page) => sources.subscriptions.list(scope, { owner, status: 'enabled' }, page)),
    ),
  );
  return lists.flat().filter((subscription) => compileEventTypes(subscription.event_types)(event.type));
}

/** The chain is read for the gateway itself, not for the caller: a merchant need not know what it belongs to. */
async function ownersAbove(event: EventRecord, merchants: Sources['merchants']): Promise<Owner[]> {
  if (event.merchant_id === null) return [];
  const merchant = await merchants.get({ level: 'operator' }, event.merchant_id);
  const owners: Owner[] = [{ level: 'merchant', id: event.merchant_id }];
  if (merchant?.portfolio_id) owners.push({ level: 'portfolio', id: merchant.portfolio_id });
  if (merchant?.reseller_id) owners.push({ level: 'reseller', id: merchant.reseller_id });
  return owners;
}
