import { BraintreeGateway, Environment } from 'braintree';
import { addAccount } from './support/accounts.ts';
import { BRAINTREE_KEYS } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

const CHALLENGE = 'bt_challenge=20f9f8ed05f77439fe955c977e4c8a53';

let stores: TestStores;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  ingress = await startIngress(stores);
  await addAccount(stores.store, 'm_1', 'braintree');
  await addAccount(stores.store, 'm_1', 'braintree', { name: 'shop' });
  await addAccount(stores.store, 'm_1', 'braintree', { name: 'braintree-off', status: 'disabled' });
  await addAccount(stores.store, 'm_1', 'stripe');
});

afterAll(async () => {
  expect(await ingress.stop()).toBe(0);
  await stores.store.close();
});

const get = (path: string, query = CHALLENGE) => fetch(`${ingress.url}/webhooks/${path}?${query}`);

/** Everything that a caller sees, but for what differs from one request to the next. */
async function seen(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status: response.status, headers, body: await response.text() };
}

it.each(['m_1/braintree', 'm_1/shop'])("is answered at %s as Braintree's own library does", async (path) => {
  const { public_key: publicKey, private_key: privateKey } = BRAINTREE_KEYS;
  const { webhookNotification } = new BraintreeGateway({
    environment: Environment.Sandbox,
    merchantId: 'm',
    publicKey,
    privateKey,
  });
  const verify: unknown = Reflect.get(webhookNotification, 'verify');
  const expected = typeof verify === 'function' ? verify.call(webhookNotification, CHALLENGE.slice(13)) : undefined;
  expect(await seen(await get(path))).toMatchObject({ status: 200, body: expected });
});

it('does not show which accounts there are', async () => {
  const own = await seen(await get('m_1/braintree'));
  for (const path of ['m_2/braintree', 'm_1/braintree-eu', 'm_1/braintree-off', 'm_2/shop', 'm_2/whatever']) {
    const [once, again] = [await seen(await get(path)), await seen(await get(path))];
    expect(again).toEqual(once);
    expect(once).toMatchObject({ status: 200, body: expect.stringMatching(/^[a-z0-9]{16}\|[0-9a-f]{40}$/) });
    expect(Object.keys(once)).toEqual(Object.keys(own));
  }
});

it('is 405 where nothing is asked, whoever is there', async () => {
  const answers = [];
  for (const [path, query] of [
    ['m_1/stripe', CHALLENGE],
    ['m_2/stripe', CHALLENGE],
    ['m_1/braintree', ''],
    ['m_2/braintree', ''],
    ['m_1/braintree', 'bt_challenge=no'],
  ] as const) {
    const response = await get(path, query);
    const { instance: _path, request_id: _id, ...body } = (await response.json()) as Record<string, unknown>;
    answers.push(JSON.stringify([response.status, response.headers.get('allow'), body]));
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('[405,"POST"');
});
