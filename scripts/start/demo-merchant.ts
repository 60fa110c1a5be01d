import type { Stack } from '@owngateway/local-stack';
import { callApi } from './call-api.ts';
import { DEMO_PATH } from './receiver.ts';

export const DEMO_MERCHANT = 'm_demo';
const DESCRIPTION = 'Demo receiver of npm start';

/** What the demo merchant has, for the greeting and `stack.json`. */
export interface DemoMerchant {
  readonly operatorToken: string;
  readonly merchantToken: string;
  /** What the receiver checks signatures with. */
  readonly secret: string;
  /** Where Stripe would send this merchant's notifications. */
  readonly stripeWebhookUrl: string;
}

interface Page<Item> {
  readonly data: readonly Item[];
}

/**
 * The demo merchant with its Stripe account and a subscription to everything for the receiver, made through the API as a
 * platform would. A second start finds what the first one made and only moves the subscription to the receiver's port.
 */
export async function setUpDemoMerchant(stack: Stack, receiverUrl: string): Promise<DemoMerchant> {
  const operatorToken = stack.mintToken({ owner: { level: 'operator', id: 'local' } });
  const merchantToken = stack.mintToken({ owner: { level: 'merchant', id: DEMO_MERCHANT } });
  const operator = { url: stack.apiUrl, token: operatorToken };
  await callApi(operator, 'PUT', `/v1/merchants/${DEMO_MERCHANT}`, { name: 'Demo merchant' });
  return {
    operatorToken,
    merchantToken,
    secret: await subscribe({ url: stack.apiUrl, token: merchantToken }, receiverUrl),
    stripeWebhookUrl: await connectStripe(operator, stack.secrets.stripe_signing_secret),
  };
}

async function connectStripe(operator: { url: string; token: string }, signingSecret: string): Promise<string> {
  const path = '/v1/connector-accounts';
  const { data } = await callApi<Page<{ webhook_url: string }>>(
    operator,
    'GET',
    `${path}?merchant_id=${DEMO_MERCHANT}&connector=stripe`,
  );
  const existing = data[0];
  if (existing !== undefined) return existing.webhook_url;
  const account = { merchant_id: DEMO_MERCHANT, connector: 'stripe', credentials: [{ signing_secret: signingSecret }] };
  return (await callApi<{ webhook_url: string }>(operator, 'POST', path, account)).webhook_url;
}

async function subscribe(merchant: { url: string; token: string }, receiverUrl: string): Promise<string> {
  const path = '/v1/subscriptions';
  const url = `${receiverUrl}${DEMO_PATH}`;
  const { data } = await callApi<Page<{ id: string; url: string; description: string | null }>>(
    merchant,
    'GET',
    `${path}?limit=100`,
  );
  const existing = data.find((subscription) => subscription.description === DESCRIPTION);
  if (existing === undefined) {
    const wanted = { url, event_types: ['*'], description: DESCRIPTION };
    return (await callApi<{ secret: string }>(merchant, 'POST', path, wanted)).secret;
  }
  if (existing.url !== url) await callApi(merchant, 'PATCH', `${path}/${existing.id}`, { url });
  return (await callApi<{ secret: string }>(merchant, 'GET', `${path}/${existing.id}/secret`)).secret;
}
