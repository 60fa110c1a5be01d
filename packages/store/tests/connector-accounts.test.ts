import { aConnectorAccount, CREDENTIAL } from './fixtures/records.ts';
import { FIRST_PAGE, MERCHANT_1, MERCHANT_2, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();

describe('connector accounts', () => {
  it('are found by the two parts of the webhook URL, disabled ones too', async () => {
    const account = aConnectorAccount({ name: 'stripe-eu', status: 'disabled' });
    const created = await context.store.connectorAccounts.create(account);
    expect(created).toEqual({ ...account, version: 1 });
    expect(await context.store.connectorAccounts.findByPath('m_1', 'stripe-eu')).toEqual(created);
    expect(await context.store.connectorAccounts.findByPath('m_2', 'stripe-eu')).toBeNull();
    expect(await context.store.connectorAccounts.get(MERCHANT_1, account._id)).toEqual(created);
  });

  it('have a name of their own within the merchant', async () => {
    await context.store.connectorAccounts.create(aConnectorAccount({ name: 'adyen' }));
    expect(await context.store.connectorAccounts.create(aConnectorAccount({ name: 'adyen' }))).toBe('conflict');
    const elsewhere = aConnectorAccount({ name: 'adyen', merchant_id: 'm_2' });
    expect(await context.store.connectorAccounts.create(elsewhere)).toMatchObject({ version: 1 });
  });

  it('change by compare-and-set and are deleted for good', async () => {
    const { _id } = aConnectorAccount();
    await context.store.connectorAccounts.create(aConnectorAccount({ _id, name: 'changing' }));
    const credentials = [{ signing_secret: 'new' }, { signing_secret: 'old' }];
    const changed = await context.store.connectorAccounts.update(MERCHANT_1, _id, 1, {
      credentials,
      include_source: true,
      status: 'disabled',
    });
    const now = { credentials, include_source: true, status: 'disabled', settings: { tolerance_s: 300 }, version: 2 };
    expect(changed).toMatchObject(now);
    expect(await context.store.connectorAccounts.findByPath('m_1', 'changing')).toEqual(changed);
    expect(await context.store.connectorAccounts.update(MERCHANT_1, _id, 1, { settings: {} })).toBe('conflict');
    expect(await context.store.connectorAccounts.update(MERCHANT_1, _id, 2, { settings: {} })).toMatchObject({
      settings: {},
    });
    expect(await context.store.connectorAccounts.update(MERCHANT_1, 'acct_none', 1, {})).toBe('not_found');
    expect(await context.store.connectorAccounts.delete(MERCHANT_1, _id)).toBe(true);
    expect(await context.store.connectorAccounts.delete(MERCHANT_1, _id)).toBe(false);
  });

  it('are listed by merchant and connector', async () => {
    const [one, two] = [
      aConnectorAccount({ merchant_id: 'm_list' }),
      aConnectorAccount({ merchant_id: 'm_list', name: 'second', connector: 'adyen' }),
    ];
    await context.store.connectorAccounts.create(one);
    await context.store.connectorAccounts.create(two);
    const scope = { level: 'merchant', id: 'm_list' } as const;
    const list = async (filter: { merchantId?: string; connector?: string }, by: typeof OPERATOR = scope) =>
      (await context.store.connectorAccounts.list(by, filter, FIRST_PAGE)).items.map(({ _id }) => _id);
    expect(await list({})).toEqual([two._id, one._id]);
    expect(await list({ connector: 'adyen' })).toEqual([two._id]);
    expect(await list({ merchantId: 'm_list' }, OPERATOR)).toEqual([two._id, one._id]);
    expect(await list({ merchantId: 'm_list' }, MERCHANT_2)).toEqual([]);
    expect(await context.store.connectorAccounts.list(scope, {}, { limit: 1, after: two._id })).toMatchObject({
      items: [{ _id: one._id }],
      next: null,
    });
  });

  it('keep their credentials sealed, for this merchant and this account only', async () => {
    const [mine, theirs] = [aConnectorAccount({ name: 's1' }), aConnectorAccount({ name: 's2', merchant_id: 'm_2' })];
    await context.store.connectorAccounts.create(mine);
    await context.store.connectorAccounts.create(theirs);
    const accounts = context.collection('connector_accounts');
    const stolen = await accounts.findOne({ _id: theirs._id });
    expect(JSON.stringify(stolen)).not.toContain(CREDENTIAL);
    await accounts.updateOne({ _id: mine._id }, { $set: { credentials: stolen?.credentials } });
    // The account is still to be seen, and giving its credentials again mends it.
    const unreadable = { _id: mine._id, credentials: [], unreadable: ['credentials'] };
    expect(await context.store.connectorAccounts.findByPath('m_1', 's1')).toMatchObject(unreadable);
    expect((await context.store.connectorAccounts.list(MERCHANT_1, {}, FIRST_PAGE)).items).toContainEqual(
      expect.objectContaining(unreadable),
    );
    const { credentials } = mine;
    const mended = await context.store.connectorAccounts.update(MERCHANT_1, mine._id, 1, { credentials });
    expect(mended).toMatchObject({ credentials });
    expect(mended).not.toHaveProperty('unreadable');
    await accounts.deleteOne({ _id: mine._id });
  });
});
