import { findConnector, type NotificationItem } from '@owngateway/connectors';
import { buildEnvelope, type NormalisedEvent, referencesOf, serialiseEnvelope } from '@owngateway/domain';
import fc from 'fast-check';
import { addAccount } from './support/accounts.ts';
import { send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf, notificationsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;
let ingress: RunningIngress;
let count = 0;

beforeAll(async () => {
  stores = await openTestStores();
  ingress = await startIngress(stores);
});

afterAll(async () => {
  await ingress.stop();
  await stores.store.close();
});

function onlyEvent(items: readonly NotificationItem[]): NormalisedEvent {
  const event = items[0]?.event;
  if (event === undefined || event === null) {
    throw new Error('not one event');
  }
  return event;
}

/** Text with everything that is hard to carry: controls, lone surrogates, marks of order, U+2028. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });

it('stores the serialiser’s bytes and the notification’s bytes, whatever the payload says', async () => {
  await addAccount(stores.store, 'm_bytes', 'stripe');
  const object = fc.record({
    amount: fc.maxSafeNat(),
    amount_received: fc.maxSafeNat(),
    customer: fc.oneof(text, fc.constant(null)),
    metadata: fc.dictionary(text, text, { maxKeys: 5 }),
    description: text,
  });
  await fc.assert(
    fc.asyncProperty(object, async (value) => {
      count += 1;
      const request = stripeRequest(stripeEvent(`evt_${count}`, 'payment_intent.succeeded', value));
      const path = '/webhooks/m_bytes/stripe?a=%20b&a=c';
      expect((await send(ingress.url, path, request)).status).toBe(200);
      const [stored] = await eventsOf(stores.store, 'm_bytes');
      const [notification] = await notificationsOf(stores.store, 'm_bytes');
      const full = await stores.store.notifications.get({ level: 'operator' }, notification?._id ?? '');
      if (stored === undefined || !full?.body) {
        throw new Error('nothing was stored');
      }
      const raw = { method: 'POST', headers: full.headers, query: full.query, body: full.body, url: '' };
      const parsed = findConnector('stripe')?.parse(raw, { tolerance_s: 300 });
      const event = onlyEvent(parsed?.ok === true ? parsed.items : []);
      const envelope = buildEnvelope({
        id: stored._id,
        event,
        merchantId: 'm_bytes',
        environment: 'sandbox',
        connector: 'stripe',
        createdAt: stored.created_at,
      });
      expect(stored.body).toBe(serialiseEnvelope(envelope));
      expect(stored.references).toEqual(referencesOf(event.object));
      expect(full.body.equals(Buffer.from(request.body))).toBe(true);
      expect(full.query).toBe('a=%20b&a=c');
    }),
    { numRuns: 60 },
  );
});

it('keeps the headers of a notification, but for credentials', async () => {
  await addAccount(stores.store, 'm_headers', 'stripe');
  const request = stripeRequest(stripeEvent('evt_headers'));
  const headers = { ...request.headers, authorization: 'Basic c2VjcmV0', cookie: 'a=b', 'user-agent': 'Stripe/1.0' };
  await send(ingress.url, '/webhooks/m_headers/stripe', { ...request, headers });
  const [notification] = await notificationsOf(stores.store, 'm_headers');
  const full = await stores.store.notifications.get({ level: 'operator' }, notification?._id ?? '');
  expect(full?.headers).toMatchObject({
    'user-agent': ['Stripe/1.0'],
    'stripe-signature': [request.headers['stripe-signature']],
  });
  expect(full?.headers).not.toHaveProperty('authorization');
  expect(full?.headers).not.toHaveProperty('cookie');
});
