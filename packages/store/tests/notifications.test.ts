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

  it('are read again when somebody who may asks, in another round each time', async () => {
    const { notifications } = context.store;
    const record = aNotification();
    await notifications.insertMany([record]);
    const now = new Date('2026-11-21T10:00:00Z');
    const asked = await notifications.requestReading(MERCHANT_1, record._id, now);
    expect(asked).toMatchObject({ _id: record._id, verdict: 'accepted', round: 1, due_at: now, attempts_made: 0 });
    expect(asked).not.toHaveProperty('body');
    expect(await notifications.requestReading(OPERATOR, record._id, now)).toMatchObject({ round: 2 });
    const stranger = { level: 'merchant', id: 'm_other' } as const;
    expect(await notifications.requestReading(stranger, record._id, now)).toBe('not_found');
    expect(await notifications.requestReading(OPERATOR, 'ntf_none', now)).toBe('not_found');
  });

  it('are not read again once their body is gone', async () => {
    const record = aNotification();
    await context.store.notifications.insertMany([record]);
    await context.collection('notifications').updateOne({ _id: record._id }, { $unset: { body: '' } });
    expect(await context.store.notifications.requestReading(MERCHANT_1, record._id, new Date())).toBe('body_gone');
    expect(await context.store.notifications.get(MERCHANT_1, record._id)).toMatchObject({ body: null });
  });

  it('are settled in the round that read them, and only while it lasts', async () => {
    const { notifications } = context.store;
    const now = new Date();
    const record = aNotification({
      verdict: 'received_unresolved',
      items: [],
      round: 0,
      attempts_made: 0,
      due_at: now,
    });
    await notifications.insertMany([record]);
    const later = new Date(now.getTime() + 5_000);
    const notYet = { verdict: 'received_unresolved', items: [], attempts_made: 1, detail: 'HTTP 503' } as const;
    expect(await notifications.settleReading(record._id, 1, { ...notYet, items: [] })).toBe(false);
    expect(await notifications.settleReading(record._id, 0, { ...notYet, items: [], due_at: later })).toBe(true);
    expect(await notifications.get(OPERATOR, record._id)).toMatchObject({ detail: 'HTTP 503', due_at: later });
    const { items } = aNotification();
    const done = { verdict: 'accepted', items, attempts_made: 2, detail: null } as const;
    expect(await notifications.settleReading(record._id, 0, { ...done, items })).toBe(true);
    const settled = await notifications.get(OPERATOR, record._id);
    expect(settled).toMatchObject(done);
    expect(settled).not.toHaveProperty('due_at');
    expect(await notifications.settleReading(record._id, 0, { ...notYet, items: [] })).toBe(false);
  });

  it('are found page by page once their time has passed', async () => {
    const { notifications } = context.store;
    await context.collection('notifications').deleteMany({});
    const at = (ms: number) => new Date(Date.parse('2026-11-21T10:00:00Z') + ms);
    const waiting = [0, 0, 1_000, 9_000].map((ms) => aNotification({ round: 0, due_at: at(ms) }));
    await notifications.insertMany([...waiting, aNotification()]);
    const first = await notifications.findDue({ olderThan: at(5_000), after: null, limit: 2 });
    const second = await notifications.findDue({ olderThan: at(5_000), after: first[1] ?? null, limit: 2 });
    const ids = waiting.slice(0, 3).map(({ _id }) => _id);
    expect([...first, ...second].map(({ _id }) => _id)).toEqual(ids);
    const { connector_account_id } = aNotification();
    expect(first[0]).toEqual({ _id: ids[0], connector_account_id, round: 0, due_at: at(0) });
  });

  it('expire when they are told to', async () => {
    const index = (await context.collection('notifications').indexes()).find(({ key }) => 'received_at' in key);
    expect(index?.expireAfterSeconds).toBe(30 * 86_400);
  });
});
