import { eventually } from '../../parties/eventually.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { DeliveryBody, SubscriptionBody } from '../../parties/records.ts';
import { openSender } from '../../parties/sender.ts';
import { awaitDelivery, findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

const QUICK = { retry_policy: { delays_s: [1, 1] } };

/** Receivers that fail: for a while, for good, and those that say never again. */
export function failingReceiversStory(world: () => World): void {
  test('a receiver that fails twice gets its event at the third attempt; one that never recovers gets a dead letter, and its replay', async () => {
    const { api } = await world().merchant('m_retry');
    const account = await connectAccount(world().operator, 'm_retry', 'stripe');
    const slow = await world().receiver('recovering', { kind: 'fail_then_ok', times: 2, status: 503 });
    const dead = await world().receiver('broken', { kind: 'status', status: 500 });
    const recovering = await subscribe(api, slow, QUICK);
    const broken = await subscribe(api, dead, QUICK);

    await openSender().postUntilTaken(account, stripePayment('retry1', account.secret));
    const { id: event_id } = await findEvent(api, 'pi_retry1');

    const recovered = await awaitDelivery(api, { event_id, subscription_id: recovering.id }, 'delivered', 3);
    expect(recovered.attempts.map(({ trigger, http_status }) => [trigger, http_status])).toEqual([
      ['first', 503],
      ['retry', 503],
      ['retry', 200],
    ]);
    const [first, second, third] = slow.receipts;
    expect([first?.attempt, second?.attempt, third?.attempt]).toEqual([1, 2, 3]);
    expect(new Set(slow.receipts.map(({ body }) => body)).size).toBe(1);
    // The delays are a second each, plus jitter, and never less.
    expect(second!.at.getTime() - first!.at.getTime()).toBeGreaterThanOrEqual(900);
    expect(third!.at.getTime() - second!.at.getTime()).toBeGreaterThanOrEqual(900);

    const failed = await awaitDelivery(api, { event_id, subscription_id: broken.id }, 'failed', 3);
    expect(failed.dead_letter).toEqual({ reason: 'retries_exhausted', at: expect.any(String) });
    const letters = await api.list<DeliveryBody>('/v1/deliveries', { status: 'failed' });
    expect(letters.map(({ id }) => id)).toEqual([failed.id]);

    dead.mode = { kind: 'ok' };
    await api.post(`/v1/deliveries/${failed.id}/replay`);
    const replayed = await awaitDelivery(api, { event_id, subscription_id: broken.id }, 'delivered', 4);
    expect(replayed).toMatchObject({ id: failed.id, dead_letter: null });
    expect(replayed.attempts.at(-1)).toMatchObject({ number: 4, trigger: 'replay', http_status: 200 });
    expect(dead.receipts.map(({ eventId, body }) => ({ eventId, body }))).toEqual(
      dead.receipts.map(() => ({ eventId: event_id, body: first?.body })),
    );
    expect([...slow.receipts, ...dead.receipts].every(({ signatures }) => signatures.stripe)).toBe(true);
  });

  test('410 disables the subscription; its deliveries are held, and enabling it sends them', async () => {
    const { api } = await world().merchant('m_gone');
    const account = await connectAccount(world().operator, 'm_gone', 'stripe');
    const shop = await world().receiver('gone-shop', { kind: 'status', status: 410 });
    const subscription = await subscribe(api, shop, QUICK);
    const sender = openSender();
    const read = () => api.get<SubscriptionBody>(`/v1/subscriptions/${subscription.id}`);

    await sender.postUntilTaken(account, stripePayment('gone1', account.secret));
    const disabled = await eventually(
      async () => {
        const now = await read();
        return now.status === 'disabled' && now;
      },
      { what: 'the subscription disabled' },
    );
    expect(disabled.status_reason).toContain('410');

    await sender.postUntilTaken(account, stripePayment('gone2', account.secret));
    const events = await Promise.all(['pi_gone1', 'pi_gone2'].map((reference) => findEvent(api, reference)));
    for (const [index, { id: event_id }] of events.entries()) {
      await awaitDelivery(api, { event_id, subscription_id: subscription.id }, 'held', index === 0 ? 1 : 0);
    }
    expect(shop.receipts).toHaveLength(1);

    shop.mode = { kind: 'ok' };
    await api.post(`/v1/subscriptions/${subscription.id}/enable`, { backlog: 'send' });
    for (const { id: event_id } of events) {
      await awaitDelivery(api, { event_id, subscription_id: subscription.id }, 'delivered', 1, 20_000);
    }
    expect(await read()).toMatchObject({ status: 'enabled' });
    // A merchant that subscribed to everything is told of the switch as well, which is an event like any other.
    const aboutPayments = shop.receipts.filter(({ eventType }) => eventType === 'payment_succeeded');
    expect(aboutPayments.map(({ eventId }) => eventId).sort()).toEqual(
      [events[0]!.id, ...events.map(({ id }) => id)].sort(),
    );
  });
}
