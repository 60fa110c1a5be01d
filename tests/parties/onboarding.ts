import { randomBytes } from 'node:crypto';
import { type Api, openApi } from './api.ts';
import type { Receiver } from './receiver.ts';
import type { SubscriptionBody } from './records.ts';
import type { WebhookAddress } from './sender.ts';

/** Made-up secrets, of the form that each vendor's have. */
export const madeUpSecrets = {
  stripe: () => `whsec_${randomBytes(24).toString('hex')}`,
  adyen: () => randomBytes(32).toString('hex').toUpperCase(),
  gocardless: () => randomBytes(20).toString('hex'),
};

const MERCHANT_SCOPE =
  'subscriptions:read subscriptions:write secrets:read events:read deliveries:replay connectors:read connectors:write';

export interface Owner {
  level: 'merchant' | 'portfolio' | 'reseller';
  id: string;
}

/** A webhook URL at the gateway and the secret that its notifications are signed with. */
export interface ConnectedAccount extends WebhookAddress {
  secret: string;
}

/** A merchant as the stories know it. */
export interface Merchant {
  id: string;
  /** The API with the merchant's own token. */
  api: Api;
}

export async function createMerchant(
  operator: Api,
  apiUrl: string,
  id: string,
  above: { portfolio_id?: string; reseller_id?: string } = {},
): Promise<Merchant> {
  await operator.put(`/v1/merchants/${id}`, { name: `Merchant ${id}`, ...above });
  return { id, api: await apiFor(operator, apiUrl, { level: 'merchant', id }) };
}

/** The API with a fresh token of this owner. */
export async function apiFor(operator: Api, apiUrl: string, owner: Owner): Promise<Api> {
  const { token } = await operator.post<{ token: string }>('/v1/tokens', { owner, scope: MERCHANT_SCOPE });
  return openApi(apiUrl, token);
}

const CREDENTIALS = {
  stripe: (secret: string) => ({ signing_secret: secret }),
  adyen: (secret: string) => ({ hmac_key: secret }),
  gocardless: (secret: string) => ({ webhook_secret: secret }),
};

/** Connects a merchant to a connector with a made-up secret. */
export async function connectAccount(
  api: Api,
  merchantId: string,
  connector: keyof typeof CREDENTIALS,
): Promise<ConnectedAccount> {
  const secret = madeUpSecrets[connector]();
  const account = await api.post<{ webhook_url: string }>('/v1/connector-accounts', {
    merchant_id: merchantId,
    connector,
    credentials: [CREDENTIALS[connector](secret)],
    status: 'enabled',
  });
  return { merchantId, url: account.webhook_url, secret };
}

/** Subscribes a receiver and gives it the secret to verify with. */
export async function subscribe(
  api: Api,
  receiver: Receiver,
  body: object = {},
): Promise<SubscriptionBody & { secret: string }> {
  const subscription = await api.post<SubscriptionBody & { secret: string }>('/v1/subscriptions', {
    url: receiver.url,
    event_types: ['*'],
    ...body,
  });
  receiver.secret = subscription.secret;
  return subscription;
}
