import { setTimeout as delay } from 'node:timers/promises';
import { type Connector, findConnector } from '@owngateway/connectors';
import { eventually, startVendorApi, type VendorAnswer, type VendorApi } from '@owngateway/local-stack/testing';
import { createQueueProducer } from '@owngateway/queue';
import type { NotificationRecord } from '@owngateway/store';
import { addAccount } from './support/accounts.ts';
import {
  adyenRequest,
  MOLLIE_KEY,
  molliePayment,
  mollieRequest,
  send,
  stripeEvent,
  stripeRequest,
} from './support/notifications.ts';
import { openTestStores, type RunningIngress, startIngress, type TestStores } from './support/start-ingress.ts';
import { eventsOf, notificationsOf } from './support/stored.ts';

// Real stores, on a machine that may be busy.
jest.setTimeout(60_000);

const OPERATOR = { level: 'operator' } as const;
const LOOPBACK = { ALLOWED_PRIVATE_RANGES: '127.0.0.0/8' };

type Listed = Omit<NotificationRecord, 'body' | 'headers'>;

let stores: TestStores;
let vendor: VendorApi;

beforeAll(async () => {
  stores = await openTestStores();
  vendor = await startVendorApi();
});

afterAll(async () => {
  await vendor.close();
  await stores.store.close();
});

/** The newest notification of a merchant, once it is as it should be. */
async function notification(merchantId: string, isReady: (found: Listed) => boolean): Promise<Listed> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const [newest] = await notificationsOf(stores.store, merchantId);
    if (newest !== undefined && isReady(newest)) {
      return newest;
    }
    if (Date.now() > deadline) {
      throw new Error(`the notification is ${JSON.stringify(newest)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const hasEnded = ({ due_at }: Listed) => due_at === undefined;

/** As a person asks for it through the API. */
async function askAgain({ _id }: Listed): Promise<void> {
  const asked = await stores.store.notifications.requestReading(OPERATOR, _id, stores.store.clock.now());
  if (typeof asked === 'string') {
    throw new Error(asked);
  }
  await enqueue(asked);
}

async function enqueue({ _id, connector_account_id, round = 0 }: Listed): Promise<void> {
  const producer = createQueueProducer({ redisUrl: stores.redisUrl, prefix: stores.queuePrefix, shards: 1 });
  await producer.addNotifications([{ notificationId: _id, accountId: connector_account_id, round }]);
  await producer.close();
}

describe('what only names a payment', () => {
  let ingress: RunningIngress;

  beforeAll(async () => {
    ingress = await startIngress(stores, LOOPBACK);
  });

  afterAll(async () => {
    expect(await ingress.stop()).toBe(0);
  });

  const addMollie = (merchantId: string) =>
    addAccount(stores.store, merchantId, 'mollie', { settings: { api_base_url: vendor.url } });
  const answer = (id: string, given: VendorAnswer | Promise<VendorAnswer>) =>
    vendor.answers.set(`/v2/payments/${id}?embed=refunds,chargebacks`, given);

  it('is acknowledged before it is fetched, visible meanwhile, and becomes an event', async () => {
    await addMollie('m_named');
    const { promise, resolve } = Promise.withResolvers<VendorAnswer>();
    answer('tr_named', promise);
    const response = await send(ingress.url, '/webhooks/m_named/mollie', mollieRequest('tr_named'));
    expect(response.status).toBe(200);
    const waiting = await notification('m_named', () => true);
    expect(waiting).toMatchObject({ verdict: 'received_unresolved', round: 0, attempts_made: 0, detail: null });
    expect(waiting.due_at).toBeInstanceOf(Date);
    expect(waiting.items).toMatchObject([{ connector_type: 'payment', event_id: null, reason: 'unresolved' }]);
    expect(await eventsOf(stores.store, 'm_named')).toEqual([]);

    resolve({ status: 200, body: molliePayment('tr_named', 'paid') });
    const read = await notification('m_named', hasEnded);
    const [event, ...others] = await eventsOf(stores.store, 'm_named');
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'payment_succeeded',
      connector: 'mollie',
      notification_id: read._id,
      references: ['tr_named', 'A-17'],
    });
    expect(read).toMatchObject({ verdict: 'accepted', items: [{ event_id: event?._id, reason: null }] });
    expect(vendor.requests.at(-1)?.authorization).toBe(`Bearer ${MOLLIE_KEY}`);
  });

  it('raises each state once, however often it is named', async () => {
    await addMollie('m_states');
    const path = '/webhooks/m_states/mollie';
    const typesAfter = async (status: string, count: number) => {
      answer('tr_states', { status: 200, body: molliePayment('tr_states', status) });
      for (let sent = 0; sent < count; sent++) {
        expect((await send(ingress.url, path, mollieRequest('tr_states'))).status).toBe(200);
        await notification('m_states', hasEnded);
      }
      return (await eventsOf(stores.store, 'm_states')).map(({ type }) => type).sort();
    };
    expect(await typesAfter('open', 2)).toEqual(['payment_processing']);
    expect(await typesAfter('paid', 3)).toEqual(['payment_processing', 'payment_succeeded']);
    const records = await notificationsOf(stores.store, 'm_states');
    expect(records.map(({ verdict, items }) => [verdict, items[0]?.event_id === null])).toEqual(
      records.map(() => ['accepted', false]),
    );
  });

  it('is asked for again when the API is away, and says so until it is there', async () => {
    await addMollie('m_away');
    answer('tr_away', { status: 503, headers: { 'retry-after': '1' }, body: { note: 'words-of-the-vendor' } });
    await send(ingress.url, '/webhooks/m_away/mollie', mollieRequest('tr_away'));
    const vain = await notification('m_away', ({ attempts_made }) => attempts_made === 1);
    expect(vain).toMatchObject({ verdict: 'received_unresolved', detail: 'HTTP 503' });
    expect(vain.due_at?.getTime()).toBeGreaterThan(stores.store.clock.now().getTime());
    answer('tr_away', { status: 200, body: molliePayment('tr_away', 'paid') });
    expect(await notification('m_away', hasEnded)).toMatchObject({ verdict: 'accepted', detail: null });
    expect(await eventsOf(stores.store, 'm_away')).toHaveLength(1);
    const told = ingress.log.join('');
    for (const secret of ['words-of-the-vendor', MOLLIE_KEY, 'tr_away', '24.95']) {
      expect(told).not.toContain(secret);
    }
  });

  it('is found again when its job was lost, and its events are not raised twice when only that was', async () => {
    const account = await addMollie('m_lost');
    answer('tr_lost', { status: 200, body: molliePayment('tr_lost', 'paid') });
    await send(ingress.url, '/webhooks/m_lost/mollie', mollieRequest('tr_lost'));
    const read = await notification('m_lost', hasEnded);
    // As a crash between the events and the notification leaves it; then what the sweeper does.
    const left: NotificationRecord = {
      ...read,
      _id: `${read._id}0`,
      headers: {},
      body: Buffer.from('id=tr_lost'),
      connector_account_id: account._id,
      verdict: 'received_unresolved',
      items: [],
      round: 0,
      due_at: new Date(0),
    };
    await stores.store.notifications.insertMany([left]);
    const [due] = await stores.store.notifications.findDue({ olderThan: new Date(), after: null, limit: 10 });
    expect(due?._id).toBe(left._id);
    await enqueue(left);
    const mended = await notification('m_lost', (one) => one._id === left._id && hasEnded(one));
    const events = await eventsOf(stores.store, 'm_lost');
    expect(events).toHaveLength(1);
    expect(mended).toMatchObject({ verdict: 'accepted', items: [{ event_id: events[0]?._id }] });
  });

  it('waits its turn when many of its account are looked up, holds up no other account, and is not lost', async () => {
    await addMollie('m_many');
    await addMollie('m_beside');
    const { promise, resolve } = Promise.withResolvers<void>();
    const ids = Array.from({ length: 8 }, (_, index) => `tr_many${index}`);
    for (const id of ids) {
      const body = molliePayment(id, 'paid');
      answer(
        id,
        promise.then(() => ({ status: 200, body })),
      );
      expect((await send(ingress.url, '/webhooks/m_many/mollie', mollieRequest(id))).status).toBe(200);
    }
    answer('tr_beside', { status: 200, body: molliePayment('tr_beside', 'paid') });
    await send(ingress.url, '/webhooks/m_beside/mollie', mollieRequest('tr_beside'));
    expect(await notification('m_beside', hasEnded)).toMatchObject({ verdict: 'accepted' });
    await eventually(() => {
      expect(vendor.requests.filter(({ path }) => path.includes('tr_many'))).toHaveLength(6);
    });
    resolve();
    await eventually(async () => {
      expect(await eventsOf(stores.store, 'm_many')).toHaveLength(ids.length);
    });
  });

  it('is not given up by a stop: a look at hand is finished, however slow, and its event is stored', async () => {
    await addMollie('m_stopping');
    const { promise, resolve } = Promise.withResolvers<VendorAnswer>();
    answer('tr_stopping', promise);
    const other = await startIngress({ ...stores, queuePrefix: `${stores.queuePrefix}-stopping` }, LOOPBACK);
    await send(other.url, '/webhooks/m_stopping/mollie', mollieRequest('tr_stopping'));
    const asked = vendor.requests.length;
    while (!vendor.requests.slice(asked - 1).some(({ path }) => path.includes('tr_stopping'))) {
      await new Promise((tick) => setTimeout(tick, 10));
    }
    const stopped = other.stop();
    // Longer than a stop waits for Redis.
    expect(await Promise.race([stopped, delay(3_000, 'still waiting')])).toBe('still waiting');
    resolve({ status: 200, body: molliePayment('tr_stopping', 'paid') });
    expect(await stopped).toBe(0);
    expect(await eventsOf(stores.store, 'm_stopping')).toHaveLength(1);
    expect((await notification('m_stopping', hasEnded)).verdict).toBe('accepted');
  });

  it('is taken so many times a second only, since anybody can send it', async () => {
    await addMollie('m_flooded');
    const other = await startIngress(
      { ...stores, queuePrefix: `${stores.queuePrefix}-flooded` },
      { ...LOOPBACK, LOOKS_PER_S: '1' },
    );
    const requests = Array.from({ length: 40 }, (_, index) =>
      send(other.url, '/webhooks/m_flooded/mollie', mollieRequest(`tr_flood${index}`)),
    );
    const answers = await Promise.all(requests);
    const taken = answers.filter(({ status }) => status === 200).length;
    const later = answers.filter(({ status }) => status === 503);
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(later.length).toBeGreaterThan(10);
    expect(taken + later.length).toBe(40);
    expect(later[0]?.headers.get('retry-after')).toBe('5');
    expect(await other.stop()).toBe(0);
  });
});

describe('what is read again because a person asks', () => {
  /** Stripe as it was before a mapping was corrected. */
  const stripe = findConnector('stripe') as Connector;
  const uncorrected: Connector = {
    ...stripe,
    parse(raw, settings) {
      const parsed = stripe.parse(raw, settings);
      return parsed.ok
        ? { ok: true, items: parsed.items.map((item) => ({ ...item, event: null, reason: 'unmapped' as const })) }
        : parsed;
    },
  };

  it('raises what is missing with the mapping of today, once, and as the account wants it today', async () => {
    const account = await addAccount(stores.store, 'm_again', 'stripe');
    const before = await startIngress(stores, {}, [uncorrected]);
    const sent = stripeEvent('evt_again');
    expect((await send(before.url, '/webhooks/m_again/stripe', stripeRequest(sent))).status).toBe(200);
    expect(await notification('m_again', () => true)).toMatchObject({ verdict: 'ignored' });
    expect(await before.stop()).toBe(0);

    await stores.store.connectorAccounts.update(OPERATOR, account._id, account.version, { include_source: true });
    const ingress = await startIngress(stores);
    for (const round of [1, 2]) {
      await askAgain(await notification('m_again', () => true));
      const read = await notification('m_again', hasEnded);
      const [event, ...others] = await eventsOf(stores.store, 'm_again');
      expect(others).toEqual([]);
      expect(read).toMatchObject({ verdict: 'accepted', round, items: [{ event_id: event?._id, reason: null }] });
      expect(JSON.parse(event?.body ?? '').data).toMatchObject({ object_type: 'payment', source: sent });
    }
    expect(await ingress.stop()).toBe(0);
  });

  it('keeps what was raised when today it would not be, and never raises it anew', async () => {
    await addAccount(stores.store, 'm_kept', 'adyen');
    const ingress = await startIngress(stores);
    expect((await send(ingress.url, '/webhooks/m_kept/adyen', adyenRequest(['PSP1', 'PSP2']))).status).toBe(200);
    const first = await notification('m_kept', () => true);
    expect(await ingress.stop()).toBe(0);

    const adyen = findConnector('adyen') as Connector;
    const other = await startIngress(stores, {}, [{ ...adyen, parse: () => ({ ok: true, items: [] }) }]);
    await askAgain(first);
    const read = await notification('m_kept', hasEnded);
    expect(read).toMatchObject({ verdict: 'accepted', items: first.items });
    expect(await eventsOf(stores.store, 'm_kept')).toHaveLength(2);
    expect(await other.stop()).toBe(0);
  });

  it('says why it cannot be read, and does not try for ever', async () => {
    const account = await addAccount(stores.store, 'm_gone', 'stripe');
    const ingress = await startIngress(stores);
    await send(ingress.url, '/webhooks/m_gone/stripe', stripeRequest(stripeEvent('evt_gone')));
    await stores.store.connectorAccounts.delete(OPERATOR, account._id);
    await askAgain(await notification('m_gone', () => true));
    const read = await notification('m_gone', hasEnded);
    expect(read).toMatchObject({ verdict: 'accepted', detail: 'the connector account was deleted' });
    expect(await ingress.stop()).toBe(0);
  });
});
