import { signStripe } from '@owngateway/connectors/testing';
import { createAuthority } from '@owngateway/outbound/testing';
import type { World } from '../../e2e/open-world.ts';
import { eventually } from '../../parties/eventually.ts';
import type { Merchant } from '../../parties/onboarding.ts';
import { raiseEvent } from '../../parties/raise-event.ts';
import type { Receiver } from '../../parties/receiver.ts';
import type { Canary, makeCanaries } from './canaries.ts';
import type { Found } from './dumps.ts';

type Canaries = ReturnType<typeof makeCanaries>;

const MERCHANT = 'm_leak';

/** Puts every canary in; answers with what the API said, and with the secrets that only came to be meanwhile. */
export async function feed(world: World, canaries: Canaries): Promise<{ answers: Found[]; secrets: Canary[] }> {
  const merchant = await world.merchant(MERCHANT);
  const receiver = await world.receiver('leak', answering(canaries));
  const { answers, secrets } = await feedApi(world, merchant, receiver, canaries);
  await feedNotifications(world, canaries);
  const { payload, card, idempotencyKey, ownKey } = canaries.raised;
  const object = { detail: payload.value, metadata: { card: card.value } };
  await raiseEvent(world.stack, MERCHANT, object, {
    headers: { 'idempotency-key': idempotencyKey.value },
  });
  await raiseEvent(world.stack, MERCHANT, {}, { idempotency_key: ownKey.value });
  // Four subscriptions and three events; the first retries of all as well.
  await eventually(() => receiver.receipts.length >= 16, { what: 'deliveries and retries', deadlineMs: 60_000 });
  return { answers, secrets };
}

function answering({ answer }: Canaries): Receiver['mode'] {
  return {
    kind: 'status',
    status: 500,
    headers: { 'set-cookie': `session=${answer.cookie.value}`, 'x-declined': `card ${answer.card.value}` },
    body: `{"echo":"${answer.body.value}","card":"${answer.card.value}"}`,
  };
}

async function feedApi(
  world: World,
  merchant: Merchant,
  receiver: Receiver,
  { subscription: of, ...canaries }: Canaries,
) {
  const { stack } = world;
  const token = stack.mintToken({ owner: { level: 'merchant', id: MERCHANT } });
  const answers: Found[] = [];
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stack.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: JSON.stringify([...response.headers]) };
  };
  /** An answer in which nothing that was given may stand. */
  const refused = async (...request: Parameters<typeof send>) => {
    const { status, text, headers } = await send(...request);
    if (status < 400) throw new Error(`${request[0]} ${request[1]} should have been refused: ${status}`);
    answers.push({ where: `api-refusal:${request[0]} ${request[1].replace(/\?.*/, '')}`, text: `${text}${headers}` });
  };
  const create = async (authentication: object, more: object = {}, headers = {}) => {
    const url = `${receiver.url}?key=${of.urlQuery.value}`;
    const body = { url, event_types: ['*'], retry_policy: { delays_s: [1, 3_600] }, authentication, ...more };
    const { status, text } = await send('POST', '/v1/subscriptions', body, headers);
    if (status !== 201) throw new Error(`a subscription was refused: ${status} ${text}`);
    return JSON.parse(text) as { id: string; secret: string };
  };
  const client = createAuthority('leak').issue('gateway');
  const keyLine = client.key.split('\n')[1] ?? '';
  const made = [
    await create({ type: 'basic', username: 'user', password: of.password.value }),
    await create({ type: 'bearer', token: of.token.value }, {}, { 'idempotency-key': of.idempotencyKey.value }),
    await create({ type: 'header', name: 'X-Own', value: of.headerValue.value }),
    await create({ type: 'none' }, { headers: { 'X-Extra': of.customHeader.value } }),
    // Nobody speaks TLS there: what is known of it is in what is said of the failure, if anywhere.
    await create(
      { type: 'none' },
      {
        url: `${receiver.url.replace('http:', 'https:')}?key=${of.urlQuery.value}`,
        tls: { client_certificate: client.cert, client_key: client.key },
      },
    ),
  ];
  const rotated = await merchant.api.post<{ secret: string }>(`/v1/subscriptions/${made[0]?.id}/rotate-secret`);
  await send('POST', '/v1/connector-accounts', {
    merchant_id: MERCHANT,
    connector: 'stripe',
    credentials: [canaries.notification.credential, canaries.notification.secondCredential].map(({ value }) => ({
      signing_secret: value,
    })),
  });

  const password = of.refusedUrl.value;
  const body = { url: receiver.url, event_types: ['*'] };
  await refused('POST', '/v1/subscriptions', {
    ...body,
    url: `http://user:${password}@127.0.0.1/${password}?${password}`,
  });
  await refused('POST', '/v1/subscriptions', { ...body, surprise: of.refusedField.value });
  await refused('POST', '/v1/subscriptions', { ...body, authentication: { type: of.refusedField.value } });
  await refused('POST', '/v1/subscriptions', { ...body, event_types: [of.refusedField.value] });
  await refused('POST', '/v1/subscriptions', `{"url":"${of.malformedJson.value}",}`);
  await refused('POST', '/v1/connector-accounts', {
    merchant_id: MERCHANT,
    connector: 'adyen',
    credentials: [{ hmac_key: of.refusedField.value }],
  });
  await refused('GET', `/v1/subscriptions?status=${of.refusedField.value}`);
  await refused('GET', '/v1/subscriptions', undefined, { authorization: `Bearer ${canaries.token.refused.value}` });
  const secrets = [
    ...made.map(({ secret }, index) => ({ name: `signing-secret-${index}`, value: secret, home: [] })),
    { name: 'rotated-secret', value: rotated.secret, home: [] },
    { name: 'tls-key', value: keyLine, home: [] },
    { name: 'api-token', value: token, home: [] },
    { name: 'jwt-secret', value: stack.secrets.jwt_secret, home: [] },
    { name: 'encryption-key', value: stack.secrets.encryption_keys.slice(2), home: [] },
  ];
  return { answers, secrets };
}

async function feedNotifications({ stack }: World, { notification: of }: Canaries): Promise<void> {
  const url = `${stack.ingressUrl}/webhooks/${MERCHANT}/stripe?q=${of.query.value}`;
  const post = async (to: string, body: string, secret: string, expected: number | null) => {
    const { status } = await fetch(to, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`adyen:${of.authorization.value}`).toString('base64')}`,
        cookie: `session=${of.cookie.value}`,
        'x-api-key': of.apiKey.value,
        'stripe-signature': signStripe(body, secret, Math.floor(Date.now() / 1000)),
      },
      body,
    });
    if (expected !== null && status !== expected) throw new Error(`a notification was answered with ${status}`);
  };
  const metadata = { note: of.payload.value, card: of.card.value };
  await post(url, payment('one', metadata), of.credential.value, 200);
  await post(url, payment('two', metadata), of.secondCredential.value, 200);
  await post(url, payment('three', { note: of.refusedBody.value }), 'whsec_of_somebody_else', 401);
  await post(
    url.replace(MERCHANT, 'm_nobody'),
    payment('four', { note: of.refusedBody.value }),
    of.credential.value,
    401,
  );
  await post(url.replace(MERCHANT, of.pathCard.value), payment('five', {}), of.credential.value, 401);
  await post(url, `{"id":"evt_broken","note":"${of.malformedBody.value}",`, of.credential.value, null);
}

function payment(key: string, metadata: object): string {
  const object = {
    id: `pi_leak_${key}`,
    object: 'payment_intent',
    amount: 1,
    currency: 'usd',
    status: 'succeeded',
    metadata,
  };
  const created = Math.floor(Date.now() / 1000);
  return JSON.stringify({
    id: `evt_leak_${key}`,
    object: 'event',
    created,
    type: 'payment_intent.succeeded',
    data: { object },
  });
}
