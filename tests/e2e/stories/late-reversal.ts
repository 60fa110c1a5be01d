import { eventually } from '../../parties/eventually.ts';
import { stripeFailedPayment, stripePayment } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { Receipt } from '../../parties/receiver.ts';
import { openSender } from '../../parties/sender.ts';
import { awaitDelivery, findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

interface Told {
  id: string;
  type: string;
  occurred_at: string;
  data: { object: { payment_reference: string; status: string } };
}

/** A payment that failed and then succeeded (003.E), where the word of the failure arrives last. */
export function lateReversalStory(world: () => World): void {
  test('a retry of an old event comes after a newer one, and whoever orders as the documents say is not misled', async () => {
    const { api } = await world().merchant('m_reversal');
    const account = await connectAccount(world().operator, 'm_reversal', 'stripe');
    const shop = await world().receiver('reversal', { kind: 'fail_then_ok', times: 2 });
    const subscription = await subscribe(api, shop, { retry_policy: { delays_s: [1, 5] } });
    const sender = openSender();
    const now = Date.now();

    await sender.postUntilTaken(account, stripeFailedPayment('reversed', account.secret, new Date(now - 5_000)));
    await eventually(() => shop.receipts.length >= 2, { what: 'two attempts at the failure' });
    shop.mode = { kind: 'ok' };
    await sender.postUntilTaken(account, stripePayment('reversed', account.secret, new Date(now)));

    await eventually(() => accepted(shop.receipts).length === 2, { what: 'both events accepted' });
    // The newer event neither waited for the older one nor took its place.
    const [first, second] = accepted(shop.receipts);
    expect([first?.type, second?.type]).toEqual(['payment_succeeded', 'payment_failed']);

    const shown = accepted(shop.receipts).reduce((known, told) => (isNewer(told, known) ? told : known));
    expect(shown.data.object).toMatchObject({ payment_reference: 'pi_reversed', status: 'succeeded' });

    // What orders them is the same in every attempt; only what belongs to the attempt differs.
    const { id: event_id } = await findEvent(api, 'pi_reversed', 'payment_failed');
    await awaitDelivery(api, { event_id, subscription_id: subscription.id }, 'delivered', 3);
    const attempts = shop.of(event_id);
    expect(new Set(attempts.map(({ body }) => body)).size).toBe(1);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(attempts.every(({ signatures }) => signatures.standardWebhooks)).toBe(true);
  });
}

/** In the order in which the receiver said 200. */
function accepted(receipts: readonly Receipt[]): Told[] {
  return receipts.filter(({ answered }) => answered === 200).map(({ body }) => JSON.parse(body) as Told);
}

/** docs/deliveries.md: by `occurred_at`, then by `id`. */
function isNewer(one: Told, other: Told): boolean {
  const [left, right] = [Date.parse(one.occurred_at), Date.parse(other.occurred_at)];
  return left === right ? one.id > other.id : left > right;
}
