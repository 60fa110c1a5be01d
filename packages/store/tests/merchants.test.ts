import { FIRST_PAGE, MERCHANT_1, OPERATOR, useTestStore } from './fixtures/test-store.ts';

const context = useTestStore();
const put = (_id: string, portfolio_id: string | null = null, reseller_id: string | null = null) =>
  context.store.merchants.put({ _id, name: `Merchant ${_id}`, portfolio_id, reseller_id });

describe('merchants', () => {
  it('are created, then replaced', async () => {
    const first = await put('m_1', 'p_1');
    expect(first).toMatchObject({ created: true, merchant: { _id: 'm_1', portfolio_id: 'p_1', reseller_id: null } });
    const second = await put('m_1', null, 'r_1');
    expect(second).toMatchObject({ created: false, merchant: { portfolio_id: null, reseller_id: 'r_1' } });
    expect(second.merchant.created_at).toEqual(first.merchant.created_at);
    expect(await context.store.merchants.get(MERCHANT_1, 'm_1')).toEqual(second.merchant);
    expect(await context.store.merchants.get(OPERATOR, 'm_none')).toBeNull();
  });

  it('are renamed where they are, and not once they were moved', async () => {
    const { merchant } = await put('m_named', 'p_n', 'r_n');
    const renamed = await context.store.merchants.rename({ ...merchant, name: 'New' });
    expect(renamed).toMatchObject({ name: 'New', portfolio_id: 'p_n', reseller_id: 'r_n' });
    await put('m_named', 'p_n', 'r_m');
    expect(await context.store.merchants.rename({ ...merchant, name: 'Late' })).toBeNull();
    expect(await context.store.merchants.get(OPERATOR, 'm_named')).toMatchObject({
      name: 'Merchant m_named',
      reseller_id: 'r_m',
    });
  });

  it('are known by what they belong to', async () => {
    await put('m_a', 'p_2', 'r_2');
    await put('m_b', 'p_2');
    await put('m_c', null, 'r_2');
    const below = async (level: 'portfolio' | 'reseller' | 'merchant', id: string) =>
      (await context.store.merchants.idsBelow({ level, id })).sort();
    expect(await below('portfolio', 'p_2')).toEqual(['m_a', 'm_b']);
    expect(await below('reseller', 'r_2')).toEqual(['m_a', 'm_c']);
    expect(await below('merchant', 'm_x')).toEqual(['m_x']);
    expect(await below('portfolio', 'p_none')).toEqual([]);
  });

  it('are listed within reach, in a stable order', async () => {
    for (const id of ['m_x', 'm_y', 'm_z']) await put(id);
    const scope = { level: 'portfolio', id: 'p', merchantIds: ['m_x', 'm_y', 'm_z'] } as const;
    const first = await context.store.merchants.list(scope, { limit: 2, after: null });
    expect(first).toMatchObject({ items: [{ _id: 'm_z' }, { _id: 'm_y' }], next: 'm_y' });
    expect(await context.store.merchants.list(scope, { limit: 2, after: 'm_y' })).toMatchObject({
      items: [{ _id: 'm_x' }],
      next: null,
    });
    expect((await context.store.merchants.list(MERCHANT_1, FIRST_PAGE)).items.map(({ _id }) => _id)).toEqual(['m_1']);
  });

  it('tell caches what changed', async () => {
    await put('m_still');
    await context.collection('merchants').updateMany({}, { $set: { changed_at: new Date(Date.now() - 60_000) } });
    const since = context.store.clock.now();
    await put('m_moved', 'p_9');
    const changed = (await context.store.merchants.changedSince(since)).map(({ _id }) => _id);
    expect(changed).toEqual(['m_moved']);
    expect((await context.store.merchants.changedSince(null)).map(({ _id }) => _id)).toContain('m_still');
  });
});
