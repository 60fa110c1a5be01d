import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { DeliveryBody, EventWithPayloadBody } from '../../parties/records.ts';
import { openSender } from '../../parties/sender.ts';
import { awaitDelivery, findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

/** From an empty gateway to a verified delivery, and the same one again. */
export function firstEventStory(world: () => World): void {
  test('a signed Stripe notification reaches the subscriber once, signed, and a replay brings the same bytes', async () => {
    const { operator } = world();
    const { api } = await world().merchant('m_first');
    const account = await connectAccount(operator, 'm_first', 'stripe');
    const shop = await world().receiver('first-shop');
    const subscription = await subscribe(api, shop, { event_types: ['payment_*'] });

    const sender = openSender();
    const notification = stripePayment('first1', account.secret);
    expect(await sender.post(account, notification)).toBe(200);
    const event = await findEvent(api, 'pi_first1');
    const delivered = await awaitDelivery(api, { event_id: event.id, subscription_id: subscription.id }, 'delivered');

    expect(delivered.attempts).toEqual([
      expect.objectContaining({ number: 1, trigger: 'first', outcome: 'delivered', http_status: 200 }),
    ]);
    const [first, ...others] = shop.receipts;
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      eventId: event.id,
      deliveryId: delivered.id,
      attempt: 1,
      eventType: 'payment_succeeded',
      signatures: { standardWebhooks: true, stripe: true },
    });
    const shown = await api.get<EventWithPayloadBody>(`/v1/events/${event.id}`);
    expect(shown.payload).toBe(first?.body);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      id: event.id,
      type: 'payment_succeeded',
      merchant_id: 'm_first',
      connector: 'stripe',
      data: { object: { connector_reference: 'pi_first1', amount_minor: 2000, currency: 'USD' } },
    });

    const { data: replayed } = await api.post<{ data: DeliveryBody[] }>(`/v1/events/${event.id}/replay`);
    expect(replayed.map(({ id }) => id)).toEqual([delivered.id]);
    await eventually(() => shop.receipts.length === 2, { what: 'the replay' });
    const again = await awaitDelivery(api, { event_id: event.id, subscription_id: subscription.id }, 'delivered', 2);
    expect(again.attempts.map(({ trigger }) => trigger)).toEqual(['first', 'replay']);
    expect(shop.receipts[1]).toMatchObject({ eventId: event.id, body: first?.body, attempt: 2 });
  });

  test('the same notification again raises nothing; a forged one and an unknown merchant get the same answer', async () => {
    const { api } = await world().merchant('m_genuine');
    const account = await connectAccount(world().operator, 'm_genuine', 'stripe');
    const shop = await world().receiver('genuine-shop');
    const subscription = await subscribe(api, shop);
    const sender = openSender();
    const notification = stripePayment('genuine1', account.secret);
    const forged = stripePayment('forged1', 'whsec_somebody_else');
    const stranger = { ...account, url: account.url.replace('m_genuine', 'm_nobody') };

    expect(await sender.post(account, forged)).toBe(401);
    expect(await sender.post(stranger, notification)).toBe(401);
    const [ours, theirs] = await Promise.all([account, stranger].map(({ url }) => refusalOf(url, forged)));
    expect(theirs).toBe(ours);

    for (const _repeat of [1, 2, 3]) expect(await sender.post(account, notification)).toBe(200);
    const event = await findEvent(api, 'pi_genuine1');
    await awaitDelivery(api, { event_id: event.id, subscription_id: subscription.id }, 'delivered');
    // A later event that has arrived shows that nothing else is under way.
    await sender.post(account, stripePayment('genuine2', account.secret));
    await eventually(() => shop.receipts.length >= 2, { what: 'the second event' });
    expect(shop.receipts.map(({ body }) => JSON.parse(body).data.object.connector_reference)).toEqual([
      'pi_genuine1',
      'pi_genuine2',
    ]);
  });
}

async function refusalOf(url: string, { body, headers }: { body: string; headers: object }): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers: { ...headers }, body });
  return `${response.status} ${await response.text()}`;
}
