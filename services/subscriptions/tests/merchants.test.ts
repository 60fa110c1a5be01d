import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('PUT /v1/merchants/{id}', () => {
  test('creates, then replaces, under the hierarchy that the operator names', async () => {
    const body = { name: 'Shop', portfolio_id: 'p_1', reseller_id: 'r_1' };
    const created = await api.operator.put('/v1/merchants/m_put', body);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: 'm_put',
      ...body,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const replaced = await api.operator.put('/v1/merchants/m_put', { name: 'Renamed' });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({ name: 'Renamed', portfolio_id: null, reseller_id: null });
  });

  test('lets a reseller rename a merchant below it, and move none', async () => {
    await api.merchant('m_below', { reseller_id: 'r_2' });
    const reseller = api.as({ level: 'reseller', id: 'r_2' });
    const renamed = await reseller.put('/v1/merchants/m_below', { name: 'New' });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ name: 'New', reseller_id: 'r_2' });
    const moved = await reseller.put('/v1/merchants/m_below', { name: 'New', portfolio_id: 'p_of_others' });
    expect(moved.status).toBe(403);
    expect((await reseller.put('/v1/merchants/m_below', { name: 'New', reseller_id: null })).status).toBe(403);
    const unchanged = await api.operator.get('/v1/merchants/m_below');
    expect(unchanged.body).toMatchObject({ portfolio_id: null, reseller_id: 'r_2' });
  });

  test('answers 404 to whoever does not reach the merchant, there or not', async () => {
    await api.merchant('m_other');
    const merchant = await api.merchant('m_self');
    expect((await merchant.put('/v1/merchants/m_other', { name: 'Mine now' })).status).toBe(404);
    expect((await merchant.put('/v1/merchants/m_nowhere', { name: 'Mine now' })).status).toBe(404);
    expect((await api.operator.get('/v1/merchants/m_other')).body.name).toBe('m_other');
    expect((await api.operator.get('/v1/merchants/m_nowhere')).status).toBe(404);
  });
});

describe('GET /v1/merchants', () => {
  test('shows a merchant itself, a portfolio what lies below it, an operator all', async () => {
    const merchant = await api.merchant('m_list_1', { portfolio_id: 'p_list' });
    await api.merchant('m_list_2', { portfolio_id: 'p_list' });
    await api.merchant('m_list_3');
    const idsFor = async (client: typeof merchant) => {
      const { body } = await client.get('/v1/merchants?limit=100');
      return (body.data as unknown as { id: string }[]).map(({ id }) => id);
    };
    expect(await idsFor(merchant)).toEqual(['m_list_1']);
    expect(await idsFor(api.as({ level: 'portfolio', id: 'p_list' }))).toEqual(['m_list_2', 'm_list_1']);
    expect(await idsFor(api.operator)).toEqual(expect.arrayContaining(['m_list_1', 'm_list_2', 'm_list_3']));
    expect((await merchant.get('/v1/merchants/m_list_1')).body).toMatchObject({ id: 'm_list_1' });
    expect((await merchant.get('/v1/merchants/m_list_2')).status).toBe(404);
  });
});
