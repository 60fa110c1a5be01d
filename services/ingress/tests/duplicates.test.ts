import { newId } from '@owngateway/domain';
import { addAccount } from './support/accounts.ts';
import { adyenRequest, goCardlessRequest, send, stripeEvent, stripeRequest } from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf, notificationsOf } from './support/stored.ts';
import { waitingEventsJobs } from './support/waiting-jobs.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

let stores: TestStores;
let ingress: RunningIngress;

beforeAll(async () => {
  stores = await openTestStores();
  ingress = await startIngress(stores);
});

afterAll(async () => {
  await ingress.stop();
  await stores.store.close();
});

describe('a notification that comes again', () => {
  it('a thousand times raises one event, is enqueued once and keeps the storage bounded', async () => {
    await addAccount(stores.store, 'm_replayed', 'stripe');
    const request = stripeRequest(stripeEvent('evt_1'));
    const statuses = new Set<number>();
    const jobsBefore = await waitingEventsJobs(stores);
    for (let round = 0; round < 100; round++) {
      const sent = await Promise.all(
        Array.from({ length: 10 }, () => send(ingress.url, '/webhooks/m_replayed/stripe', request)),
      );
      for (const response of sent) {
        statuses.add(response.status);
        await response.arrayBuffer();
      }
    }
    expect([...statuses]).toEqual([200]);
    const events = await eventsOf(stores.store, 'm_replayed');
    expect(events).toHaveLength(1);
    const notifications = await notificationsOf(stores.store, 'm_replayed');
    expect(notifications.length).toBeLessThanOrEqual(21);
    // Those that were recorded point to the event that exists.
    expect(new Set(notifications.map(({ items }) => items[0]?.event_id))).toEqual(new Set([events[0]?._id]));
    await ingress.stop();
    expect((await waitingEventsJobs(stores)) - jobsBefore).toBe(1);
    ingress = await startIngress(stores);
  });

  it('in fifty copies at once raises one event', async () => {
    await addAccount(stores.store, 'm_at_once', 'stripe');
    const request = stripeRequest(stripeEvent('evt_2'));
    const sent = await Promise.all(
      Array.from({ length: 50 }, () => send(ingress.url, '/webhooks/m_at_once/stripe', request)),
    );
    expect(new Set(sent.map((response) => response.status))).toEqual(new Set([200]));
    expect(await eventsOf(stores.store, 'm_at_once')).toHaveLength(1);
  });

  it('raises nothing after a restart, also when the signature is new', async () => {
    await addAccount(stores.store, 'm_restart', 'stripe');
    await send(ingress.url, '/webhooks/m_restart/stripe', stripeRequest(stripeEvent('evt_3')));
    expect(await ingress.stop()).toBe(0);
    ingress = await startIngress(stores);
    const later = stripeRequest(stripeEvent('evt_3'), { atMs: Date.now() - 10_000 });
    expect((await send(ingress.url, '/webhooks/m_restart/stripe', later)).status).toBe(200);
    expect(await eventsOf(stores.store, 'm_restart')).toHaveLength(1);
  });

  it('raises its event when the first one was stored without it', async () => {
    const account = await addAccount(stores.store, 'm_crashed', 'stripe');
    const request = stripeRequest(stripeEvent('evt_4'));
    await stores.store.notifications.insertMany([
      {
        _id: newId('ntf'),
        merchant_id: 'm_crashed',
        connector: 'stripe',
        connector_account_id: account._id,
        received_at: new Date(),
        signed_at: new Date(),
        headers: {},
        query: '',
        body: Buffer.from(request.body),
        verdict: 'accepted',
        items: [
          {
            dedupe_key: `${account._id}:evt_4`,
            connector_type: 'payment_intent.succeeded',
            event_id: newId('evt'),
            event_type: 'payment_succeeded',
            reason: null,
          },
        ],
      },
    ]);
    expect((await send(ingress.url, '/webhooks/m_crashed/stripe', request)).status).toBe(200);
    expect(await eventsOf(stores.store, 'm_crashed')).toHaveLength(1);
  });

  it('is told apart by account: two accounts of one connector each raise their own', async () => {
    await addAccount(stores.store, 'm_two', 'stripe');
    await addAccount(stores.store, 'm_two', 'stripe', { name: 'stripe-eu' });
    const request = stripeRequest(stripeEvent('evt_5'));
    await send(ingress.url, '/webhooks/m_two/stripe', request);
    await send(ingress.url, '/webhooks/m_two/stripe-eu', request);
    expect(await eventsOf(stores.store, 'm_two')).toHaveLength(2);
  });

  it('raises nothing when it maps to nothing, and is recorded a few times only', async () => {
    await addAccount(stores.store, 'm_unmapped', 'stripe');
    const request = stripeRequest(stripeEvent('evt_6', 'capability.updated'));
    for (let round = 0; round < 60; round++) {
      expect((await send(ingress.url, '/webhooks/m_unmapped/stripe', request)).status).toBe(200);
    }
    const notifications = await notificationsOf(stores.store, 'm_unmapped');
    expect(notifications.length).toBeLessThanOrEqual(21);
    expect(notifications.at(-1)).toMatchObject({
      verdict: 'ignored',
      items: [{ connector_type: 'capability.updated', event_id: null, event_type: null, reason: 'unmapped' }],
    });
    expect(await eventsOf(stores.store, 'm_unmapped')).toEqual([]);
  });
});

describe('a batch', () => {
  it('of three Adyen items raises three events, and of two known and one new one', async () => {
    await addAccount(stores.store, 'm_batch', 'adyen');
    await send(ingress.url, '/webhooks/m_batch/adyen', adyenRequest(['A', 'B', 'C']));
    expect(await eventsOf(stores.store, 'm_batch')).toHaveLength(3);
    await send(ingress.url, '/webhooks/m_batch/adyen', adyenRequest(['B', 'D', 'C']));
    const events = await eventsOf(stores.store, 'm_batch');
    expect(events).toHaveLength(4);
    const [newest] = await notificationsOf(stores.store, 'm_batch');
    const known = new Map(events.map((event) => [event._id, event.references[0]]));
    expect(newest?.items.map(({ event_id }) => known.get(event_id ?? ''))).toEqual(['B', 'D', 'C']);
  });

  it('of 250 GoCardless events raises exactly 250', async () => {
    await addAccount(stores.store, 'm_many', 'gocardless');
    const request = goCardlessRequest(250);
    const sent = [1, 2, 3].map(() => send(ingress.url, '/webhooks/m_many/gocardless', request));
    expect((await Promise.all(sent)).map((response) => response.status)).toEqual([204, 204, 204]);
    expect(await eventsOf(stores.store, 'm_many')).toHaveLength(250);
  });
});
