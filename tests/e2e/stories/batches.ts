import { checkInvariants } from '../../invariants/check-invariants.ts';
import { gatherRun } from '../../invariants/gather-run.ts';
import { adyenPayment, goCardlessPayments, type Notification } from '../../parties/notifications.ts';
import { connectAccount, subscribe } from '../../parties/onboarding.ts';
import { openSender } from '../../parties/sender.ts';
import type { World } from '../open-world.ts';

const GOCARDLESS_BATCH = 250;

/** Connectors that say several things at once. */
export function batchesStory(world: () => World): void {
  test.each([
    ['adyen', 'm_adyen', 3, '[accepted]'],
    ['gocardless', 'm_gocardless', GOCARDLESS_BATCH, ''],
  ] as const)(
    'one notification of %s to %s is %d events, each delivered exactly once',
    async (connector, merchantId, count, answer) => {
      const { operator } = world();
      const { api } = await world().merchant(merchantId);
      const account = await connectAccount(operator, merchantId, connector);
      const shop = await world().receiver(`${connector}-shop`);
      const { id: subscriptionId } = await subscribe(api, shop);
      const sender = openSender();
      const batch: Notification =
        connector === 'adyen'
          ? adyenPayment('E2E00000001', account.secret)
          : goCardlessPayments('E2E', GOCARDLESS_BATCH, account.secret);

      await sender.postUntilTaken(account, batch);
      // Connectors repeat themselves, and expect the answer that they document.
      const repeated = await fetch(account.url, { method: 'POST', headers: { ...batch.headers }, body: batch.body });
      expect(await repeated.text()).toBe(answer);

      const recipient = { name: shop.name, subscriptionId, merchantIds: [merchantId], receipts: shop.receipts };
      const run = await gatherRun({ operator, acked: sender.acked, recipients: [recipient], deadlineMs: 20_000 });
      expect(checkInvariants(run, { maxDuplicates: 0 })).toEqual({
        violationCount: 0,
        lost: 0,
        violations: [],
        duplicates: 0,
        delivered: count,
        deadLettered: 0,
      });
      expect(run.deliveries).toHaveLength(count);
      expect(shop.receipts).toHaveLength(count);
      expect(shop.receipts.map(({ eventType }) => eventType).sort()).toEqual(batch.says.map(({ type }) => type).sort());
    },
  );
}
