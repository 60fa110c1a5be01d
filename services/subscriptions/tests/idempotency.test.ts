import type { ApiClient } from './support/api-client.ts';
import { aSubscriptionBody } from './support/bodies.ts';
import { anEvent } from './support/records.ts';
import { type RunningApi, startApi } from './support/running-api.ts';

let api: RunningApi;
let merchant: ApiClient;
beforeAll(async () => {
  api = await startApi();
  merchant = await api.merchant('m_1');
});
afterAll(() => api.stop());

const keyed = (key: string) => ({ 'idempotency-key': key });
const countOf = async (client: ApiClient) =>
  ((await client.get('/v1/subscriptions?limit=100')).body.data as unknown as unknown[]).length;

test('the same key and body give the first answer again, secret and all, and create nothing', async () => {
  const body = aSubscriptionBody();
  const before = await countOf(merchant);
  const first = await merchant.post('/v1/subscriptions', body, keyed('order-1'));
  const second = await merchant.post('/v1/subscriptions', body, keyed('order-1'));
  expect(first.status).toBe(201);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.status).toBe(201);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(second.body).toEqual(first.body);
  expect(await countOf(merchant)).toBe(before + 1);
});

test('another body is refused', async () => {
  await merchant.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-2'));
  const { status, body } = await merchant.post(
    '/v1/subscriptions',
    aSubscriptionBody({ description: 'x' }),
    keyed('order-2'),
  );
  expect(status).toBe(422);
  expect(body.type).toBe('/errors/idempotency-key-reused');
});

test('of many at once exactly one creates; the others get its answer or are told to wait', async () => {
  const before = await countOf(merchant);
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => merchant.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-3'))),
  );
  expect(await countOf(merchant)).toBe(before + 1);
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
  expect(ids.size).toBe(1);
  for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
    expect({ status, type: body.type }).toEqual({ status: 409, type: '/errors/idempotency-key-in-use' });
    expect(headers.get('retry-after')).toBe('1');
  }
});

test('a request that failed may be repeated with the same key', async () => {
  const refused = await merchant.post(
    '/v1/subscriptions',
    aSubscriptionBody({ url: 'http://10.0.0.1/' }),
    keyed('order-4'),
  );
  expect(refused.status).toBe(422);
  const repaired = await merchant.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-4'));
  expect(repaired.status).toBe(201);
});

test('keys of different owners and paths do not meet', async () => {
  const other = await api.merchant('m_2');
  const [mine, theirs] = [
    await merchant.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-5')),
    await other.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-5')),
  ];
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(mine.body.id);
  const namesake = api.as({ level: 'reseller', id: 'm_1' });
  const reseller = await namesake.post('/v1/subscriptions', aSubscriptionBody(), keyed('order-5'));
  expect(reseller.body.owner).toEqual({ level: 'reseller', id: 'm_1' });
  const rotated = await merchant.post(`/v1/subscriptions/${mine.body.id}/rotate-secret`, undefined, keyed('order-5'));
  expect(rotated.status).toBe(200);
  expect(rotated.headers.get('idempotent-replayed')).toBeNull();
});

test('a rotation and a replay are done once per key', async () => {
  const { body } = await merchant.post('/v1/subscriptions', aSubscriptionBody());
  const path = `/v1/subscriptions/${body.id}/rotate-secret`;
  const [first, second] = [
    await merchant.post(path, undefined, keyed('rotation-1')),
    await merchant.post(path, undefined, keyed('rotation-1')),
  ];
  expect(second.body).toEqual(first.body);

  const event = anEvent();
  await api.store.events.insertMany([event]);
  const replay = () => merchant.post(`/v1/events/${event._id}/replay`, undefined, keyed('replay-1'));
  const { body: replayed } = await replay();
  expect((await replay()).body).toEqual(replayed);
  const [delivery] = replayed.data as unknown as { id: string }[];
  expect((await api.store.deliveries.get({ level: 'operator' }, String(delivery?.id)))?.round).toBe(1);
});

test.each(['', ' ', 'x'.repeat(256)])('the malformed key "%s" is refused or no key at all', async (key) => {
  const { status, body } = await merchant.post('/v1/subscriptions', aSubscriptionBody(), keyed(key));
  expect(status).toBe(400);
  expect(body.detail).toBe('It has 1 to 255 visible ASCII characters.');
});
