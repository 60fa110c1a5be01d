import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Page {
  ids: string[];
  cursor: string | null;
}

async function page(client: ApiClient, path: string, cursor: string | null): Promise<Page> {
  const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const { status, body } = await client.get(`${path}?limit=2${query}`);
  expect(status).toBe(200);
  const ids = (body.data as unknown as { id: string }[]).map(({ id }) => id);
  return { ids, cursor: body.next_cursor as unknown as string | null };
}

const makers: Record<string, (client: ApiClient, merchantId: string) => Promise<string>> = {
  '/v1/subscriptions': async (client) => String((await client.post('/v1/subscriptions', aSubscriptionBody())).body.id),
  '/v1/events': async (_client, merchant_id) => {
    const event = anEvent({ merchant_id });
    await api.store.events.insertMany([event]);
    return event._id;
  },
};

test.each(Object.keys(makers))('%s: pages neither skip nor repeat when something is added in between', async (path) => {
  const merchantId = `m_list_${path.length}`;
  const client = await api.merchant(merchantId);
  const make = async () => String(await makers[path]?.(client, merchantId));
  const made = [];
  for (let count = 0; count < 5; count++) made.unshift(await make());

  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { ids, cursor: next }: Page = await page(client, path, cursor);
    seen.push(...ids);
    cursor = next;
    if (seen.length < 6) await make();
  } while (cursor !== null);
  expect(seen).toEqual(made);
});

test('the last page says so, also when it is exactly full', async () => {
  const client = await api.merchant('m_full');
  await client.post('/v1/subscriptions', aSubscriptionBody());
  await client.post('/v1/subscriptions', aSubscriptionBody());
  expect((await page(client, '/v1/subscriptions', null)).cursor).toBeNull();
});

test('a cursor of another tenant’s list shows nothing of it', async () => {
  const [one, other] = [await api.merchant('m_cursor_1'), await api.merchant('m_cursor_2')];
  for (let count = 0; count < 3; count++) await one.post('/v1/subscriptions', aSubscriptionBody());
  const { cursor } = await page(one, '/v1/subscriptions', null);
  expect(cursor).not.toBeNull();
  expect((await page(other, '/v1/subscriptions', cursor)).ids).toEqual([]);
});
