import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import { stripePayment } from '../../parties/notifications.ts';
import { apiFor, connectAccount, subscribe } from '../../parties/onboarding.ts';
import type { DeliveryBody } from '../../parties/records.ts';
import { openSender } from '../../parties/sender.ts';
import type { World } from '../open-world.ts';

/** Merchants below a portfolio and a reseller, and a stranger beside them (003.5). */
export function hierarchyStory(world: () => World): void {
  test('a portfolio and a reseller receive their merchants’ events, another merchant never does, and each sees only its own', async () => {
    const { operator, stack } = world();
    const above = { portfolio_id: 'p_story', reseller_id: 'r_story' };
    const merchants = {
      one: await world().merchant('m_below', above),
      other: await world().merchant('m_beside'),
    };
    const owners = {
      portfolio: await apiFor(operator, stack.apiUrl, { level: 'portfolio', id: 'p_story' }),
      reseller: await apiFor(operator, stack.apiUrl, { level: 'reseller', id: 'r_story' }),
    };
    const recipientOf = async (name: string, api: typeof operator, merchantIds: string[]) => {
      const receiver = await world().receiver(name);
      const { id: subscriptionId } = await subscribe(api, receiver);
      return { name, subscriptionId, merchantIds, receipts: receiver.receipts };
    };
    const recipients = await Promise.all([
      recipientOf('below-shop', merchants.one.api, ['m_below']),
      recipientOf('beside-shop', merchants.other.api, ['m_beside']),
      recipientOf('portfolio-office', owners.portfolio, ['m_below']),
      recipientOf('reseller-office', owners.reseller, ['m_below']),
    ]);
    const [own, foreign] = await Promise.all(
      ['m_below', 'm_beside'].map((id) => connectAccount(operator, id, 'stripe')),
    );
    const sender = openSender();
    await sender.postUntilTaken(own!, stripePayment('below1', own!.secret));
    await sender.postUntilTaken(foreign!, stripePayment('beside1', foreign!.secret));

    const run = await gatherRun({ operator, acked: sender.acked, recipients, deadlineMs: 20_000 });
    expect(checkInvariants(run, { maxDuplicates: 0 })).toMatchObject({ violations: [], delivered: 4, deadLettered: 0 });

    const seen = async (api: typeof operator) =>
      (await api.list<DeliveryBody>('/v1/deliveries')).map(({ subscription_id }) => subscription_id).sort();
    const [below, beside, portfolio, reseller] = recipients.map(({ subscriptionId }) => subscriptionId);
    expect(await seen(merchants.one.api)).toEqual([below]);
    expect(await seen(merchants.other.api)).toEqual([beside]);
    // Those above see their own deliveries and those of the merchants below, but not each other's.
    expect(await seen(owners.portfolio)).toEqual([below, portfolio].sort());
    expect(await seen(owners.reseller)).toEqual([below, reseller].sort());

    const ofStranger = run.deliveries.find(({ subscription_id }) => subscription_id === beside)!;
    for (const api of [merchants.one.api, owners.portfolio, owners.reseller]) {
      expect(await api.status(`/v1/deliveries/${ofStranger.id}`)).toBe(404);
      expect(await api.status(`/v1/events/${ofStranger.event_id}`)).toBe(404);
      expect(await api.status(`/v1/subscriptions/${ofStranger.subscription_id}`)).toBe(404);
    }
  });
}
