import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from '../load/sender.ts';
import type { Gateway } from './gateway.ts';

/** Merchants with a Stripe account and one subscription each. */
export interface Merchants {
  /** Where Stripe would post each merchant's notifications. */
  readonly targets: readonly Target[];
  /** Each merchant's Stripe signing secret. */
  readonly secrets: readonly string[];
}

type Entrance = Pick<Gateway, 'ingressUrl' | 'apiUrl' | 'operatorToken'>;

/** Makes one merchant for each endpoint, through the API: `m_bench_0` and so on. Throws what the API refused. */
export async function createMerchants(
  gateway: Entrance,
  ports: readonly number[],
  subscription: object = {},
): Promise<Merchants> {
  const targets: Target[] = [];
  const secrets: string[] = [];
  for (const [index, port] of ports.entries()) {
    const merchantId = `m_bench_${index}`;
    const secret = `whsec_${randomBytes(24).toString('base64url')}`;
    await ask(gateway, 'PUT', `/v1/merchants/${merchantId}`, { name: `Bench ${index}` });
    await ask(gateway, 'POST', '/v1/connector-accounts', {
      merchant_id: merchantId,
      connector: 'stripe',
      credentials: [{ signing_secret: secret }],
    });
    await ask(gateway, 'POST', '/v1/subscriptions', {
      owner: { level: 'merchant', id: merchantId },
      url: `http://127.0.0.1:${port}/webhooks`,
      event_types: ['payment_*'],
      ...subscription,
    });
    targets.push({ origin: gateway.ingressUrl, path: `/webhooks/${merchantId}/stripe` });
    secrets.push(secret);
  }
  return { targets, secrets };
}

/** One call of the API; waits when it is told that it asks too often. */
async function ask(gateway: Entrance, method: string, path: string, body: unknown): Promise<void> {
  for (;;) {
    const response = await fetch(`${gateway.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${gateway.operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.text();
    if (response.ok) return;
    if (response.status !== 429) throw new Error(`${method} ${path} was answered with ${response.status}: ${answer}`);
    await delay(1_000 * Number(response.headers.get('retry-after') ?? 1));
  }
}
