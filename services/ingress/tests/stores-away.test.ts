import { type InterruptibleProxy, startProxy } from '@owngateway/local-stack/testing';
import { addAccount } from './support/accounts.ts';
import { send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;
let mongo: InterruptibleProxy;
let redis: InterruptibleProxy;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  mongo = await startProxy(stores.mongoUrl);
  redis = await startProxy(stores.redisUrl);
  await addAccount(stores.store, 'm_1', 'stripe');
  ingress = await startIngress({ ...stores, mongoUrl: mongo.url, redisUrl: redis.url });
});

afterAll(async () => {
  await ingress.stop();
  await Promise.all([mongo.close(), redis.close()]);
  await stores.store.close();
});

const post = (id: string) => send(ingress.url, '/webhooks/m_1/stripe', stripeRequest(stripeEvent(id)));

async function until(holds: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`it did not come true within ${withinMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('answers 503 with Retry-After and never 2xx while MongoDB is away, and accepts again once it is back', async () => {
  expect((await post('evt_1')).status).toBe(200);
  mongo.interrupt();
  const away = await Promise.all([
    post('evt_2'),
    post('evt_3'),
    send(ingress.url, '/webhooks/m_2/stripe', stripeRequest('{}')),
  ]);
  expect(away.map((response) => [response.status, response.headers.get('retry-after')])).toEqual([
    [503, '5'],
    [503, '5'],
    [503, '5'],
  ]);
  expect(await away[0]?.json()).toMatchObject({
    type: '/errors/unavailable',
    status: 503,
    instance: '/webhooks/m_1/stripe',
  });
  expect((await fetch(`${ingress.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${ingress.url}/livez`)).status).toBe(200);
  mongo.resume();
  await until(async () => (await post('evt_2')).status === 200);
  // The connector sends again what was not acknowledged: every event is there once.
  await until(async () => (await post('evt_3')).status === 200);
  expect(await eventsOf(stores.store, 'm_1')).toHaveLength(3);
});

it('accepts while Redis is away, and stays ready', async () => {
  redis.interrupt();
  const before = await eventsOf(stores.store, 'm_1');
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => post(`evt_redis_${index}`)));
  expect(new Set(answers.map((response) => response.status))).toEqual(new Set([200]));
  expect((await fetch(`${ingress.url}/readyz`)).status).toBe(200);
  const events = await eventsOf(stores.store, 'm_1');
  expect(events).toHaveLength(before.length + 20);
  // What the sweeper looks for.
  expect(events.every((event) => event.awaiting_fan_out_since !== undefined)).toBe(true);
  redis.resume();
});

it('starts while Redis is away', async () => {
  redis.interrupt();
  const another = await startIngress({ ...stores, redisUrl: redis.url });
  const response = await send(another.url, '/webhooks/m_1/stripe', stripeRequest(stripeEvent('evt_started')));
  expect(response.status).toBe(200);
  expect(await another.stop()).toBe(0);
  redis.resume();
});
