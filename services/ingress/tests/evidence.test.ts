import { startVendorApi, type VendorApi } from '@owngateway/local-stack/testing';
import { addAccount } from './support/accounts.ts';
import { PAYPAL_APP, payPalRequest, send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf, notificationsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

const TOKEN = '/v1/oauth2/token';
const VERIFY = '/v1/notifications/verify-webhook-signature';
const GATHERING_MS = 2_500;

let stores: TestStores;
let payPal: VendorApi;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  payPal = await startVendorApi();
  ingress = await startIngress(stores, { ALLOWED_PRIVATE_RANGES: '127.0.0.0/8' });
  const settings = { verification: 'api', api_base_url: payPal.url, tolerance_s: 604_800 };
  await addAccount(stores.store, 'm_1', 'paypal', { settings });
  await addAccount(stores.store, 'm_1', 'paypal', { settings, name: 'paypal-off', status: 'disabled' });
  await addAccount(stores.store, 'm_1', 'stripe');
  payPal.answers.set(TOKEN, { status: 200, body: { access_token: 'token-of-tests', expires_in: 32_400 } });
});

afterAll(async () => {
  expect(await ingress.stop()).toBe(0);
  await payPal.close();
  await stores.store.close();
});

const verdictOfPayPal = (status: string) =>
  payPal.answers.set(VERIFY, { status: 200, body: { verification_status: status } });

async function timed(path: string, request = payPalRequest('WH-forged')) {
  const startedMs = performance.now();
  const response = await send(ingress.url, `/webhooks/${path}`, request);
  const body = await response.text();
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body,
    ms: performance.now() - startedMs,
  };
}

it('is asked for before a notification is accepted', async () => {
  verdictOfPayPal('SUCCESS');
  expect((await timed('m_1/paypal', payPalRequest('WH-1'))).status).toBe(200);
  expect((await timed('m_1/paypal', payPalRequest('WH-2'))).status).toBe(200);
  expect(await eventsOf(stores.store, 'm_1')).toHaveLength(2);
  // One token for both.
  expect(payPal.requests.map(({ path }) => path)).toEqual([TOKEN, VERIFY, VERIFY]);
  const log = ingress.log.join('');
  for (const secret of [PAYPAL_APP.client_secret, 'token-of-tests', 'capture-WH-1']) {
    expect(log).not.toContain(secret);
  }
});

it('leaves a refusal as long as it may take, whether an account is there or not', async () => {
  verdictOfPayPal('FAILURE');
  const before = payPal.requests.length;
  const refused = await Promise.all(
    ['m_1/paypal', 'm_1/paypal-off', 'm_2/paypal', 'm_2/shop'].map((path) => timed(path)),
  );
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(new Set(refused.map(({ body }) => body)).size).toBe(1);
  expect(Math.min(...refused.map(({ ms }) => ms))).toBeGreaterThan(GATHERING_MS);
  // Only for the account that is there, and enabled.
  expect(payPal.requests.slice(before).every(({ path }) => path === VERIFY)).toBe(true);
  expect(await eventsOf(stores.store, 'm_1')).toHaveLength(2);
});

it('is no reason to refuse while nobody can be asked, and holds up nothing else', async () => {
  payPal.answers.set(VERIFY, { status: 503 });
  const away = await timed('m_1/paypal', payPalRequest('WH-3'));
  expect([away.status, away.retryAfter]).toEqual([503, '5']);
  payPal.answers.set(VERIFY, new Promise(() => undefined));
  const silent = timed('m_1/paypal', payPalRequest('WH-4'));
  expect((await timed('m_1/stripe', stripeRequest(stripeEvent('evt_beside')))).status).toBe(200);
  expect(await silent).toMatchObject({ status: 503, retryAfter: '5' });
  expect((await notificationsOf(stores.store, 'm_1')).map(({ connector }) => connector)).toEqual([
    'stripe',
    'paypal',
    'paypal',
  ]);
  verdictOfPayPal('SUCCESS');
  expect((await timed('m_1/paypal', payPalRequest('WH-3'))).status).toBe(200);
});
