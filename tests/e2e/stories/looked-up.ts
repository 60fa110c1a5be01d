import { startVendorApi, type VendorApi } from '@owngateway/local-stack/testing';
import type { Api } from '../../parties/api.ts';
import { eventually } from '../../parties/eventually.ts';
import { subscribe } from '../../parties/onboarding.ts';
import type { NotificationBody } from '../../parties/records.ts';
import { openSender, type WebhookAddress } from '../../parties/sender.ts';
import { awaitDelivery, findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

const API_KEY = 'test_keyOfTheShop';

/** Mollie's classic webhooks: an id and nothing else. Its API is played by a local double. */
export function lookedUpStory(world: () => World): void {
  let mollie: VendorApi;
  beforeAll(async () => {
    mollie = await startVendorApi();
  });
  afterAll(() => mollie.close());

  const connect = async (merchantId: string, more: object = {}): Promise<WebhookAddress & { id: string }> => {
    const account = await world().operator.post<{ id: string; webhook_url: string }>('/v1/connector-accounts', {
      merchant_id: merchantId,
      connector: 'mollie',
      credentials: [{ api_key: API_KEY }],
      settings: { api_base_url: mollie.url },
      ...more,
    });
    return { merchantId, url: account.webhook_url, id: account.id };
  };
  const answer = (id: string, status: number, body?: object) =>
    mollie.answers.set(`/v2/payments/${id}?embed=refunds,chargebacks`, { status, ...(body && { body }) });

  test('a payment that is only named is looked up, and told once in each of its states, with what Mollie says of it', async () => {
    const { api } = await world().merchant('m_named');
    const account = await connect('m_named', { include_source: true });
    const shop = await world().receiver('named-shop');
    const subscription = await subscribe(api, shop);
    const sender = openSender();

    const payment = paymentOf('tr_named', 'paid');
    answer('tr_named', 200, payment);
    expect(await sender.post(account, named('tr_named'))).toBe(200);
    const event = await findEvent(api, 'tr_named');
    await awaitDelivery(api, { event_id: event.id, subscription_id: subscription.id }, 'delivered');
    expect(JSON.parse(shop.receipts[0]?.body ?? '')).toMatchObject({
      type: 'payment_succeeded',
      connector: 'mollie',
      data: { object: { amount_minor: 2495, currency: 'EUR', merchant_reference: 'A-17' }, source: payment },
    });

    expect(await sender.post(account, named('tr_named'))).toBe(200);
    const records = await settled(api, 2);
    expect(records.map(({ verdict, items }) => [verdict, items[0]?.event_id])).toEqual([
      ['accepted', event.id],
      ['accepted', event.id],
    ]);
    expect(shop.receipts).toHaveLength(1);
  });

  test('one that cannot be looked up is visible, and read again when a person has mended it, without telling twice', async () => {
    const { api } = await world().merchant('m_mended');
    const account = await connect('m_mended', { credentials: [{ api_key: 'test_aKeyThatIsWrong' }] });
    const shop = await world().receiver('mended-shop');
    const subscription = await subscribe(api, shop);

    answer('tr_mended', 401);
    expect(await openSender().post(account, named('tr_mended'))).toBe(200);
    const vain = await eventually(
      async () => {
        const [found] = await api.list<NotificationBody>('/v1/notifications');
        return found !== undefined && found.attempts_made >= 2 && found;
      },
      { what: 'looks in vain', deadlineMs: 30_000 },
    );
    expect(vain).toMatchObject({
      verdict: 'received_unresolved',
      detail: 'HTTP 401',
      next_attempt_at: expect.any(String),
    });

    await world().operator.patch(`/v1/connector-accounts/${account.id}`, { credentials: [{ api_key: API_KEY }] });
    answer('tr_mended', 200, paymentOf('tr_mended', 'paid'));
    for (const _again of [1, 2]) {
      await api.post(`/v1/notifications/${vain.id}/reprocess`);
      const [read] = await settled(api, 1);
      const event = await findEvent(api, 'tr_mended');
      expect(read).toMatchObject({ verdict: 'accepted', detail: null, items: [{ event_id: event.id }] });
      await awaitDelivery(api, { event_id: event.id, subscription_id: subscription.id }, 'delivered');
    }
    expect(shop.receipts).toHaveLength(1);
    expect(mollie.requests.at(-1)?.authorization).toBe(`Bearer ${API_KEY}`);
  });
}

/** So many notifications of the merchant, once none of them is to be read any more. */
function settled(api: Api, count: number): Promise<NotificationBody[]> {
  return eventually(
    async () => {
      const found = await api.list<NotificationBody>('/v1/notifications');
      return found.length === count && found.every(({ next_attempt_at }) => next_attempt_at === null) && found;
    },
    { what: `${count} notifications read`, deadlineMs: 30_000 },
  );
}

function named(id: string) {
  return { body: `id=${id}`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, says: [] };
}

function paymentOf(id: string, status: string) {
  return {
    resource: 'payment',
    id,
    mode: 'test',
    status,
    amount: { currency: 'EUR', value: '24.95' },
    metadata: { order_id: 'A-17' },
    createdAt: '2026-11-01T10:00:00+00:00',
    paidAt: '2026-11-01T10:01:00+00:00',
  };
}
