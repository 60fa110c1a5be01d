import { newId } from '@owngateway/domain';
import { aDelivered, aDelivery } from './fixtures/records.ts';
import { FIRST_PAGE, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();

describe('lists of deliveries', () => {
  const owner_key = 'merchant:m_list';
  const scope = { level: 'merchant', id: 'm_list' } as const;
  const at = (day: number) => `evt_${Date.UTC(2025, 2, day).toString(16).padStart(12, '0')}${newId('evt').slice(16)}`;
  const [one, two, three] = [at(1), at(2), at(3)] as [string, string, string];
  const own = { owner_key, merchant_id: 'm_list' } as const;
  const deliveries = [
    aDelivery({ ...own, event_id: one, subscription_id: 'sub_a', status: 'failed' }),
    aDelivered({ ...own, event_id: two, subscription_id: 'sub_a', event_type: 'refund_failed' }),
    aDelivered({ ...own, event_id: two, subscription_id: 'sub_b', status: 'cancelled' }),
    aDelivery({ ...own, event_id: three, subscription_id: 'sub_b', merchant_id: 'm_below' }),
  ];
  const newestFirst = deliveries
    .map(({ _id }) => _id)
    .sort()
    .reverse();
  beforeAll(() => context.store.deliveries.insertMany(deliveries));
  const idsOf = async (filter: Parameters<typeof context.store.deliveries.list>[1], page = FIRST_PAGE) =>
    (await context.store.deliveries.list(scope, filter, page)).items.map(({ _id }) => _id);

  it('come newest event first, without attempts', async () => {
    expect(await idsOf({})).toEqual(newestFirst);
    const { items, next } = await context.store.deliveries.list(scope, {}, { limit: 3, after: null });
    expect(next).toBe(newestFirst[2]);
    expect(items[0]).not.toHaveProperty('attempts');
    expect(await context.store.deliveries.list(scope, {}, { limit: 3, after: next })).toMatchObject({
      items: [{ _id: newestFirst[3] }],
      next: null,
    });
  });

  it('filter by everything that the API offers', async () => {
    const id = (index: number) => deliveries[index]?._id;
    expect(await idsOf({ status: 'failed' })).toEqual([id(0)]);
    expect(await idsOf({ status: 'cancelled' })).toEqual([id(2)]);
    expect(await idsOf({ status: 'delivered' })).toEqual([id(1)]);
    expect(await idsOf({ subscriptionId: 'sub_a' })).toEqual([id(1), id(0)]);
    expect((await idsOf({ eventId: two })).sort()).toEqual([id(1), id(2)].sort());
    expect(await idsOf({ eventId: two, subscriptionId: 'sub_b' })).toEqual([id(2)]);
    expect(await idsOf({ eventId: 'evt_' })).toEqual([]);
    expect(await idsOf({ merchantId: 'm_below' })).toEqual([id(3)]);
    expect(await idsOf({ type: 'refund_failed' })).toEqual([id(1)]);
    expect(await idsOf({ since: new Date(Date.UTC(2025, 2, 3)) })).toEqual([id(3)]);
    expect(await idsOf({ until: new Date(Date.UTC(2025, 2, 2)) })).toEqual([id(0)]);
  });
});
