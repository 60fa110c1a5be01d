import { startVendorApi } from '@owngateway/local-stack/testing';
import { subscribe } from '../../parties/onboarding.ts';
import { openSender } from '../../parties/sender.ts';
import { awaitDelivery, findEvent } from '../await-delivery.ts';
import type { World } from '../open-world.ts';

/** A notification that is to be looked up, while the queue that would say so is away. */
export function lostLookStory(world: () => World): void {
  test('what was to be looked up while Redis was down is looked up once it is back', async () => {
    const mollie = await startVendorApi();
    try {
      const { operator, stack } = world();
      const { redis } = stack.stores;
      const { api } = await world().merchant('m_look');
      const { webhook_url: url } = await operator.post<{ webhook_url: string }>('/v1/connector-accounts', {
        merchant_id: 'm_look',
        connector: 'mollie',
        credentials: [{ api_key: 'test_keyOfTheShop' }],
        settings: { api_base_url: mollie.url },
      });
      const shop = await world().receiver('look-shop');
      const subscription = await subscribe(api, shop);
      mollie.answers.set('/v2/payments/tr_look?embed=refunds,chargebacks', {
        status: 200,
        body: {
          resource: 'payment',
          id: 'tr_look',
          status: 'paid',
          amount: { currency: 'EUR', value: '1.00' },
          createdAt: '2026-11-01T10:00:00+00:00',
        },
      });

      await redis.kill9();
      const named = {
        body: 'id=tr_look',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        says: [{ type: 'payment_succeeded', reference: 'tr_look' }],
      };
      await openSender().postUntilTaken({ merchantId: 'm_look', url }, named, 10_000);
      expect(mollie.requests).toEqual([]);
      await redis.restart();

      const event = await findEvent(api, 'tr_look', 'payment_succeeded', 40_000);
      const query = { event_id: event.id, subscription_id: subscription.id };
      await awaitDelivery(api, query, 'delivered', 1, 40_000);
      expect(shop.of(event.id)).toHaveLength(1);
    } finally {
      await mollie.close();
    }
  });
}
