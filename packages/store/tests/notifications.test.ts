import { aNotification } from './fixtures/records.ts';
import { FIRST_PAGE, MERCHANT_1, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();

describe('notifications', () => {
  it('keep the request byte for byte, and may be stored again', async () => {
    const records = [aNotification(), aNotification({ body: Buffer.from('ünïcode') })];
    await context.store.notifications.insertMany(records);
    await context.store.notifications.insertMany(records);
    await context.store.notifications.insertMany([]);
    for (const record of records) {
      const found = await context.store.notifications.get(MERCHANT_1, record._id);
      expect(found).toEqual(record);
      expect(Buffer.isBuffer(found?.body)).toBe(true);
    }
    expect(await context.store.notifications.get(OPERATOR, 'ntf_none')).toBeNull();
  });

  it('are listed newest first without bodies and headers, by every filter', async () => {
    const scope = { level: 'merchant', id: 'm_list' } as const;
    const made = [
      aNotification({ merchant_id: 'm_list' }),
      aNotification({ merchant_id: 'm_list', verdict: 'unreadable' }),
      aNotification({ merchant_id: 'm_list', connector: 'adyen' }),
    ];
    await context.store.notifications.insertMany(made);
    const [oldest, middle, newest] = made.map(({ _id }) => _id);
    const idsOf = async (filter: Parameters<typeof context.store.notifications.list>[1]) =>
      (await context.store.notifications.list(scope, filter, FIRST_PAGE)).items.map(({ _id }) => _id);
    const { items, next } = await context.store.notifications.list(scope, {}, { limit: 2, after: null });
    expect(items.map(({ _id }) => _id)).toEqual([newest, middle]);
    expect(next).toBe(middle);
    expect(items[0]).not.toHaveProperty('body');
    expect(items[0]).not.toHaveProperty('headers');
    expect(await idsOf({ verdict: 'unreadable' })).toEqual([middle]);
    expect(await idsOf({ connector: 'adyen' })).toEqual([newest]);
    expect(await idsOf({ merchantId: 'm_list' })).toEqual([newest, middle, oldest]);
    expect(await idsOf({ merchantId: 'm_1' })).toEqual([]);
    expect(await idsOf({ since: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await idsOf({ until: new Date(Date.now() - 60_000) })).toEqual([]);
  });

  it('expire when they are told to', async () => {
    const index = (await context.collection('notifications').indexes()).find(({ key }) => 'received_at' in key);
    expect(index?.expireAfterSeconds).toBe(30 * 86_400);
  });
});
